using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>Everything a clip plot says, before it becomes HTML or text.</summary>
internal sealed class ClipPlotContent
{
    private const int Samples = 120;

    public ClipPlotContent(TrustRegion region, TokenReport? report)
    {
        (Region, Report) = (region, report);
        if (region is Clip clip)
            (Lower, Upper) = (1 - clip.Low, 1 + clip.High);
        Tokens = report is null ? [] : [.. ReadTokens(report)];
        // Room for every token, but never so much that the bounds shrink to a point.
        var far = Tokens.Select(t => t.Ratio).Append(2 * (Upper ?? 1.2) - 1).Append(1.6).Max();
        Highest = Math.Min(Math.Ceiling(far * 5) / 5, 3);
        Outside = Tokens.Count(t => t.Ratio > Highest);
    }

    public TrustRegion Region { get; }

    public TokenReport? Report { get; }

    /// <summary>Bounds of the ratio; null where the region has none.</summary>
    public double? Lower { get; }

    public double? Upper { get; }

    /// <summary>Largest ratio drawn.</summary>
    public double Highest { get; }

    /// <summary>Tokens beyond the drawing.</summary>
    public int Outside { get; }

    /// <summary>Ratio and advantage of every active token whose advantage has a sign.</summary>
    public IReadOnlyList<(double Ratio, double Advantage, bool Stopped)> Tokens { get; }

    public string Title => $"Trust region{(Report is null ? "" : " of " + VisibleText.Of(Report.Objective.Name))}";

    /// <summary>The curve for one sign of the advantage, per unit of |A|: ratio and term.</summary>
    public (double[] Ratios, double[] Terms) Curve(bool positive)
    {
        // A clip is straight between its kinks; any other curve is sampled.
        IEnumerable<double> places =
            Lower is { } lower && Upper is { } upper
                ? [0, lower, upper, Highest]
                : Enumerable.Range(0, Samples + 1).Select(i => Highest * i / Samples);
        var ratios = places.Where(r => r <= Highest).Order().Distinct().ToArray();
        return (ratios, [.. ratios.Select(r => Region.At(r, positive ? 1 : -1).Value)]);
    }

    /// <summary>The six cases, or none where the region has no bounds.</summary>
    public IReadOnlyList<ClipCase> Cases()
    {
        if (Lower is not { } lower || Upper is not { } upper)
            return [];
        return
        [
            .. from positive in new[] { true, false }
            from zone in new[] { -1, 0, 1 }
            let at = zone < 0 ? lower / 2
            : zone > 0 ? 2 * upper
            : (lower + upper) / 2
            select new ClipCase(
                positive,
                zone,
                Region.At(at, positive ? 1 : -1).Slope,
                Tokens.Count(t => t.Advantage > 0 == positive && Zone(t.Ratio) == zone)
            ),
        ];
    }

    /// <summary>What the view says.</summary>
    public IEnumerable<Block> Blocks() =>
        [
            new Heading(Title, Region.InWords),
            new Picture(html => new ClipCharts(this, html).Write(), page => Terms.Write(page)),
            .. Cases() is { Count: > 0 } cases ? [Table(cases)] : Array.Empty<Block>(),
            new Notes(Notes()),
        ];

    // What the charts draw, in text: the term at some ratios.
    private Grid Terms
    {
        get
        {
            double[] ratios = [.. new[] { 0, 0.5, Lower ?? 0.8, 1, Upper ?? 1.2, 1.5 }.Distinct().Order()];
            Row Of(int sign) =>
                new([
                    $"term per |A|, A {(sign > 0 ? ">" : "<")} 0",
                    .. ratios.Select(r => (Cell)Numbers.Short(Region.At(r, sign).Value)),
                ]);
            return new Grid(
                "The term at some ratios",
                [new("ratio r"), .. ratios.Select(r => new Column(Numbers.Short(r), IsNumber: true))],
                [Of(1), Of(-1)]
            );
        }
    }

    private Grid Table(IReadOnlyList<ClipCase> cases) =>
        new(
            "The six cases",
            [
                new("advantage") { Names = true },
                new("ratio r", Word: "importance ratio") { Kind = "num" },
                new("what happens") { Kind = "story" },
                new("slope") { Narrow = "slope" },
                .. Report is null ? Array.Empty<Column>() : [new("tokens", IsNumber: true) { Narrow = "tokens" }],
            ],
            [
                .. cases.Select(c => new Row([
                    c.Positive ? "A > 0" : "A < 0",
                    Where(c.Zone),
                    c.Story,
                    c.Stopped ? "0" : "r·A",
                    .. Report is null ? Array.Empty<Cell>() : [Numbers.Count(c.Tokens)],
                ])
                {
                    Kind = c.Stopped ? "stopped" : null,
                }),
            ]
        )
        {
            TableKind = "cases",
        };

    /// <summary>Where a ratio lies, in words.</summary>
    public string Where(int zone) =>
        zone < 0 ? $"r < {Numbers.Short(Lower)}"
        : zone > 0 ? $"r > {Numbers.Short(Upper)}"
        : $"{Numbers.Short(Lower)} … {Numbers.Short(Upper)}";

    public IEnumerable<string> Notes()
    {
        if (Report is not null)
            yield return $"{Numbers.Of(Tokens.Count, "token")} with an advantage; {Numbers.Count(Tokens.Count(t => t.Stopped))} of them get no gradient from this term.";
        if (Report is not null && Tokens.Count > 0 && Tokens.All(t => t.Ratio == 1))
            yield return "Every ratio is 1: the policy is still the one that sampled, so nothing can be clipped yet.";
        if (Outside > 0)
            yield return $"{Numbers.Of(Outside, "token")} with a ratio above {Numbers.Short(Highest)} lie outside the drawing; the largest is {Numbers.Short(Tokens.Max(t => t.Ratio))}.";
        if (Lower is null)
            yield return $"This trust region ({Region.InWords}) has no hard bounds on the ratio.";
    }

    /// <summary>
    /// What the script needs to move the bounds: where they are, and every token's ratio and sign of the advantage; null where
    /// there are none to move.
    /// </summary>
    public JsonObject? Payload()
    {
        if (Region is not Clip clip)
            return null;
        var payload = new JsonObject
        {
            ["low"] = clip.Low,
            ["high"] = clip.High,
            ["highest"] = Highest,
            ["batch"] = Report is not null,
        };
        var columns = new PackedColumns(Tokens.Count);
        // Where a token lies depends on its ratio and on the sign of its advantage alone; in order, thousands of them pack well.
        var tokens = Tokens.OrderBy(t => Math.Sign(t.Advantage)).ThenBy(t => t.Ratio).ToArray();
        columns.Add("ratio", tokens.Select(t => t.Ratio));
        columns.Add("advantage", tokens.Select(t => (double)Math.Sign(t.Advantage)));
        columns.WriteTo(payload);
        return payload;
    }

    // A ratio that lies on a bound must not fall over it by its last digit; the script allows the same.
    private int Zone(double ratio) =>
        ratio < Lower - 1e-6 ? -1
        : ratio > Upper + 1e-6 ? 1
        : 0;

    private IEnumerable<(double, double, bool)> ReadTokens(TokenReport report)
    {
        var advantages = report.Advantage?.Values.ToArray();
        var ratios = report.Ratio?.Values.ToArray();
        if (advantages is null || ratios is null)
            yield break;
        for (var t = 0; t < ratios.Length; t++)
            if (report.Batch.Layout.IsActive(t) && advantages[t] != 0)
                yield return (ratios[t], advantages[t], Region.At(ratios[t], advantages[t]).Slope == 0);
    }
}

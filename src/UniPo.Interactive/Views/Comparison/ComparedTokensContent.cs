using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>Everything a comparison on the same rollouts says.</summary>
internal sealed class ComparedTokensContent
{
    private const int AllTokens = 540;

    public ComparedTokensContent(ComparedTokens view)
    {
        View = view;
        var most = Math.Max(40, AllTokens / view.Reports.Count);
        Sides =
        [
            .. view.Reports.Select(r => new TokenTableContent(
                r.Tokens(view.Colour) with
                {
                    Prompts = view.Prompts,
                    ResponsesPerPrompt = view.ResponsesPerPrompt,
                    TokensPerResponse = 24,
                    MostTokens = most,
                }
            )),
        ];
    }

    public ComparedTokens View { get; }

    /// <summary>One table for each objective; all show the same responses and tokens.</summary>
    public IReadOnlyList<TokenTableContent> Sides { get; }

    public IReadOnlyList<TokenReport> Reports => View.Reports;

    public RolloutBatch Batch => Reports[0].Batch;

    public string Title => $"{Numbers.Of(Reports.Count, "objective")} on the same rollouts";

    public string Size => Sides[0].Size;

    /// <summary>Name of an objective; a number tells namesakes apart.</summary>
    public string Name(int side)
    {
        var name = VisibleText.Of(Reports[side].Objective.Name, 40);
        var namesakes = Reports.Take(side + 1).Count(r => r.Objective.Name == Reports[side].Objective.Name);
        return Reports.Count(r => r.Objective.Name == Reports[side].Objective.Name) > 1 ? $"{name} ({namesakes})" : name;
    }

    /// <summary>What the view says.</summary>
    public IEnumerable<Block> Blocks() =>
        Batch.Responses.Count == 0
            ? [new Heading(Title, Size), new Notes("This batch holds no responses, so there are no tokens to show.")]
            :
            [
                new Heading(Title, Size),
                new Grid(
                    "Objectives in numbers",
                    [
                        new("objective") { Names = true },
                        new("value J", IsNumber: true),
                        new("stopped", IsNumber: true, Word: "trust region"),
                        new("without gradient", IsNumber: true),
                        new("strongest colour", IsNumber: true),
                        new("like the first", IsNumber: true),
                    ],
                    [.. Enumerable.Range(0, Sides.Count).Select(s => new Row([.. Summary(s).Select(c => (Cell)c)]))]
                ),
                new Picture(
                    html => new ComparedTokensHtml(this, html).Write(),
                    page => new ComparedTokensText(this, page).Write()
                ),
                new Notes(Notes()),
            ];

    private string[] Summary(int side)
    {
        var report = Reports[side];
        return
        [
            Name(side),
            Numbers.Objective(report),
            Numbers.Share(report.Summary.ClipFraction),
            Numbers.Share(report.Summary.TokensWithoutGradient),
            Sides[side].Colouring.Ends[^1].TrimStart('+')
                + (Sides[side].Colouring.Unit.Length > 0 ? "×" + Sides[side].Colouring.Unit : ""),
            Numbers.Short(Cosine(side)),
        ];
    }

    public IEnumerable<string> Notes()
    {
        yield return "Each objective has its own colour range, because their scales are not comparable: a step size would make up for it.";
        if (Reports.Count > 1)
            yield return "Like the first: cosine between the two vectors of weights. 1 means that they differ by a step size only, 0 that they have nothing in common.";
        foreach (var note in Sides[0].Notes().Where(n => n.Contains("shown", StringComparison.Ordinal)))
            yield return note;
    }

    /// <summary>The numbers behind the rows, for the script.</summary>
    public JsonObject Payload() =>
        WidgetPayload.OfSides(Reports, [.. Enumerable.Range(0, Reports.Count).Select(Name)], Sides[0].ShownRows);

    private double Cosine(int side)
    {
        var a = Reports[0].Weight.Values;
        var b = Reports[side].Weight.Values;
        double product = 0,
            first = 0,
            second = 0;
        for (var t = 0; t < a.Length; t++)
            (product, first, second) = (product + a[t] * b[t], first + a[t] * a[t], second + b[t] * b[t]);
        return first == 0 || second == 0 ? double.NaN : product / Math.Sqrt(first * second);
    }
}

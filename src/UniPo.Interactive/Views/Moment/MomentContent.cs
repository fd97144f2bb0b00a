using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>One answer of a moment: what it says, what it earned, and how often it was sampled.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Times">How often it occurs in the group.</param>
internal sealed record Answer(Response Response, int Times);

/// <summary>The group at one step.</summary>
/// <param name="Step">Number of the step.</param>
/// <param name="Report">The weights of the step.</param>
/// <param name="Group">Number of the group in its batch.</param>
/// <param name="Rows">Row of each answer in the batch; −1 where the answer was not sampled at that step.</param>
internal sealed record Frame(int Step, TokenReport Report, int Group, int[] Rows)
{
    /// <summary>First row of the group.</summary>
    public int First => Report.Batch.Layout.GroupStarts[Group];

    /// <summary>The answers of the group.</summary>
    public IReadOnlyList<Response> Responses => Report.Batch.Groups[Group].Responses;
}

/// <summary>Everything a moment says.</summary>
internal sealed class MomentContent
{
    // As many as are readable on a projector; the rest is counted.
    private const int MostAnswers = 6,
        MostFrames = 40;

    /// <summary>Most tokens of an answer that have a bar.</summary>
    public const int MostTokens = 12;

    private readonly Moment _view;

    public MomentContent(Moment view)
    {
        _view = view;
        var kept = view.Run.Steps.Where(s => s.Report is { Batch.Responses.Count: > 0 }).ToArray();
        Prompt = kept.SelectMany(s => s.Report!.Batch.Groups.Select(g => g.Prompt).DistinctBy(p => p.Text))
            .Where(p => view.Prompt is null || p.Text == view.Prompt)
            .GroupBy(p => p.Text)
            .OrderByDescending(g => g.Count())
            .FirstOrDefault()
            ?.First();
        if (Prompt is null)
            return;
        var frames = Spread(
            [.. kept.Select(s => new Frame(s.Step, s.Report!, GroupOf(s.Report!, Prompt.Text), [])).Where(f => f.Group >= 0)],
            MostFrames
        );
        // Those that were given most often; among them the best first.
        Answers =
        [
            .. frames
                .SelectMany(f => f.Responses)
                .DistinctBy(r => r.Text)
                .Select(r => new Answer(r, frames.Max(f => f.Responses.Count(o => o.Text == r.Text))))
                .OrderByDescending(a => a.Times)
                .ThenByDescending(a => a.Response.Reward)
                .Take(MostAnswers)
                .OrderByDescending(a => a.Response.Reward),
        ];
        Frames = [.. frames.Select(f => f with { Rows = [.. Answers.Select(a => RowOf(f, a))] })];
        Colouring = new TokenColouring(
            TokenColour.Weight,
            TokenRange.Fixed(Largest()),
            Frames[^1].Report.Batch,
            Frames[^1].Report
        );
    }

    public Prompt? Prompt { get; }

    public IReadOnlyList<Answer> Answers { get; } = [];

    public IReadOnlyList<Frame> Frames { get; } = [];

    /// <summary>One colour scale for all steps, so that fading is seen.</summary>
    public TokenColouring Colouring { get; } = null!;

    private string Name => VisibleText.Of(_view.Run.Header.Algorithm, 60);

    public string Question => VisibleText.Of(Prompt!.Text, 60);

    /// <summary>Frames of the still picture: the first, the middle, the last.</summary>
    public IReadOnlyList<int> Stills => [.. new[] { 0, Frames.Count / 2, Frames.Count - 1 }.Distinct()];

    /// <summary>Probability of a whole answer at a frame; NaN where it was not sampled there.</summary>
    public double Probability(int frame, int answer)
    {
        var (report, row) = (Frames[frame].Report, Frames[frame].Rows[answer]);
        if (row < 0)
            return double.NaN;
        var sum = 0.0;
        foreach (var logProb in report.Batch.LogProbs.Row(row))
            sum += logProb;
        return Math.Exp(sum);
    }

    public IEnumerable<Block> Blocks()
    {
        if (Prompt is null)
            return
            [
                new Notes(
                    _view.Prompt is { } wanted
                        ? $"No step of this run keeps answers to {VisibleText.Of(wanted, 60)}."
                        : "This run keeps no tokens, so there is no group of answers to follow. trainer.Follow(steps, prompt) trains and keeps one."
                ),
            ];
        return
        [
            new Heading($"{Question} under {Name}", Sub),
            new Picture(html => new MomentHtml(this, html).Write(), Say),
            new Notes(Captions.Select(c => c.Text)),
        ];
    }

    private string Sub =>
        $"{Numbers.Of(Answers.Sum(a => a.Times), "answer")}, {Numbers.Of(Frames.Count, "step")} from {Numbers.Count(Frames[0].Step)} to {Numbers.Count(Frames[^1].Step)}";

    /// <summary>The tour: what to see from which frame on. Played once, it is told in twenty seconds.</summary>
    public IReadOnlyList<(int From, string Text)> Captions
    {
        get
        {
            var told = new List<(int, string)> { (0, $"Before: asked {Question} the policy says {Shares(0)}.") };
            var rewards = Answers.Select(a => a.Response.Reward).Distinct().Count();
            if (rewards > 1)
                told.Add(
                    (
                        Frames.Count / 5,
                        "Each answer is checked and compared with its group. Better than the group: purple, every token is pushed up. Worse: orange, pushed down."
                    )
                );
            if (Frames.Count > 2)
            {
                told.Add(
                    (Frames.Count * 2 / 5, $"Step {Numbers.Count(Frames[Frames.Count / 2].Step)}: {Shares(Frames.Count / 2)}.")
                );
                told.Add(
                    (
                        Frames.Count * 3 / 5,
                        "The height of a bar is the probability of its token; the stronger its colour, the harder the push. Every step weighs the answers as they then stand."
                    )
                );
            }
            if (Frames.Count > 1)
                told.Add((Frames.Count * 4 / 5, $"After step {Numbers.Count(Frames[^1].Step)}: {Shares(Frames.Count - 1)}."));
            return told;
        }
    }

    private string Shares(int frame) =>
        string.Join(
            ", ",
            Enumerable
                .Range(0, Answers.Count)
                .Where(a => double.IsFinite(Probability(frame, a)))
                .OrderByDescending(a => Probability(frame, a))
                .Take(3)
                .Select(a => $"{Text(a)} ({(IsRight(a) ? "right" : "wrong")}) in {Numbers.Share(Probability(frame, a))}")
        );

    /// <summary>True for the best reward of the group.</summary>
    public bool IsRight(int answer) => Answers[answer].Response.Reward >= Answers.Max(a => a.Response.Reward);

    /// <summary>An answer without its closing symbol.</summary>
    public string Text(int answer)
    {
        var symbols = Answers[answer].Response.Symbols;
        var end =
            !Answers[answer].Response.Truncated && symbols.Count > 1 && symbols[^1] is { Length: 1 } or ['<', .., '>'] ? 1 : 0;
        return VisibleText.Of(string.Concat(symbols.SkipLast(end)), 40);
    }

    // The text twin: each answer, and what became of it.
    private Grid Table =>
        new(
            "Probability of each answer",
            [
                new("answer"),
                new("times", IsNumber: true),
                new("reward", IsNumber: true),
                .. Stills.Select(f => new Column($"step {Numbers.Count(Frames[f].Step)}", IsNumber: true)),
            ],
            [.. Enumerable.Range(0, Answers.Count).Select(Line)]
        );

    private Row Line(int a) =>
        new([
            Text(a),
            Numbers.Count(Answers[a].Times),
            Numbers.Short(Answers[a].Response.Reward),
            .. Stills.Select(f => (Cell)Numbers.Share(Probability(f, a))),
        ]);

    private void Say(TextPage page)
    {
        Table.Write(page);
        page.Gap()
            .Line(
                $"Tokens at step {Numbers.Count(Frames[^1].Step)}: probability, and push{(Colouring.Unit.Length > 0 ? " in " + Colouring.Unit : "")}"
            );
        for (var a = 0; a < Answers.Count; a++)
            page.Flow(Tokens(a).Prepend(Text(a) + ":"), indent: 6, first: 2);
    }

    private IEnumerable<string> Tokens(int a)
    {
        var (report, row) = (Frames[^1].Report, Frames[^1].Rows[a]);
        if (row < 0)
        {
            yield return "not given at this step";
            yield break;
        }
        for (var i = 0; i < Math.Min(MostTokens, report.Batch.Layout.Length(row)); i++)
        {
            var t = report.Batch.Layout.RowStarts[row] + i;
            yield return $"{VisibleText.OfToken(Answers[a].Response.Symbols[i])}[{Numbers.Share(Math.Exp(report.Batch.LogProbs.Values[t]))}, {Colouring.Label(report.Weight.Values[t])}]";
        }
    }

    /// <summary>The tokens of every frame, and what can be put in the place of the objective.</summary>
    public JsonObject? Payload()
    {
        if (Prompt is null)
            return null;
        var frames = Frames.Select(f => (JsonNode)Tokens(f)).ToArray();
        var objective = frames[0]["objective"]?.DeepClone();
        var shared = objective is not null && frames.All(f => JsonNode.DeepEquals(f["objective"], objective));
        if (shared)
            foreach (var frame in frames)
                frame.AsObject().Remove("objective");
        var (others, without) = Choices();
        return new JsonObject
        {
            ["steps"] = new JsonArray([.. Frames.Select(f => (JsonNode)f.Step)]),
            // Row of each answer in the payload of its frame; −1 where it was not sampled.
            ["rows"] = new JsonArray([.. Frames.Select(Places)]),
            ["captions"] = new JsonArray([.. Captions.Select(c => new JsonArray(c.From, c.Text))]),
            ["limit"] = Math.Round(Colouring.Limit, 9),
            ["frames"] = new JsonArray(frames),
            ["objective"] = shared ? objective : null,
            ["others"] = others,
            ["without"] = without,
        };
    }

    private (JsonArray, JsonArray) Choices()
    {
        var choices = Frames.Select(f => WidgetPayload.ChoicesOf(Unmasked.Of(f.Report), f.Report, Whole(f).ShownRows)).ToArray();
        return choices[0].Of(_view.Others.Count > 0 ? _view.Others : Algorithms.All, choices.Skip(1));
    }

    private static JsonNode Places(Frame frame)
    {
        var shown = Whole(frame).ShownRows.Select(r => r.Row).ToList();
        return new JsonArray([.. frame.Rows.Select(r => (JsonNode)shown.IndexOf(r))]);
    }

    private static JsonObject Tokens(Frame frame) => TableOf(frame).TokenPayload(Algorithms.All, listed: false)!;

    private static TokenTableContent Whole(Frame frame) => new(TableOf(frame));

    private static TokenTable TableOf(Frame frame) =>
        frame.Report.Tokens() with
        {
            Chosen = [frame.Group],
            Prompts = 1,
            ResponsesPerPrompt = int.MaxValue,
            TokensPerResponse = MostTokens,
            MostTokens = 32 * (MostTokens + TokenTable.RowInTokens),
        };

    private double Largest()
    {
        var largest = 0.0;
        foreach (var frame in Frames)
        foreach (var weight in frame.Report.Weight.Values)
            largest = double.IsFinite(weight) ? Math.Max(largest, Math.Abs(weight)) : largest;
        return largest > 0 ? largest : 1;
    }

    private static int RowOf(Frame frame, Answer answer)
    {
        for (var i = 0; i < frame.Responses.Count; i++)
            if (frame.Responses[i].Text == answer.Response.Text)
                return frame.First + i;
        return -1;
    }

    private static int GroupOf(TokenReport report, string prompt)
    {
        for (var g = 0; g < report.Batch.Groups.Count; g++)
            if (report.Batch.Groups[g].Prompt.Text == prompt && report.Batch.Groups[g].Responses.Count > 0)
                return g;
        return -1;
    }

    private static T[] Spread<T>(T[] all, int most) =>
        all.Length <= most
            ? all
            : [.. Enumerable.Range(0, most).Select(i => all[(int)Math.Round(i * (all.Length - 1.0) / (most - 1))])];
}

namespace UniPo.Interactive;

/// <summary>One response of a token table.</summary>
/// <param name="Number">Number of the response in its group, from 1.</param>
/// <param name="Response">The response.</param>
/// <param name="Start">Flat index of its first token.</param>
/// <param name="Shown">Tokens shown.</param>
/// <param name="Advantage">Its advantage, the mean over its tokens; null where there is none.</param>
/// <param name="AdvantageVaries">True when its tokens have different advantages.</param>
/// <param name="IsBest">True when no response of the group got more reward and some got less.</param>
internal sealed record TokenRow(
    int Number,
    Response Response,
    int Start,
    int Shown,
    double? Advantage,
    bool AdvantageVaries,
    bool IsBest
)
{
    /// <summary>How many of the responses shown are this one, itself among them.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Number of the row that this one repeats; 0 for a row that comes first.</summary>
    public int Repeats { get; init; }
}

/// <summary>One prompt of a token table with the responses shown of it.</summary>
/// <param name="Index">Index of the prompt in the batch.</param>
/// <param name="Group">The prompt and all its responses.</param>
/// <param name="Rows">The responses shown.</param>
/// <param name="IsSilent">True when the group teaches nothing: every response got the same reward, or every advantage is
/// 0.</param>
internal sealed record TokenGroup(int Index, ResponseGroup Group, IReadOnlyList<TokenRow> Rows, bool IsSilent);

/// <summary>
/// Everything a token table says, before it becomes HTML or text: both tell the same facts because both read this.
/// </summary>
internal sealed class TokenTableContent
{
    public TokenTableContent(TokenTable view)
    {
        View = view;
        Colouring = new TokenColouring(view.Colour, view.Range, view.Batch, view.Report);
        Groups = [.. Choose()];
    }

    public TokenTable View { get; }

    public TokenColouring Colouring { get; }

    public IReadOnlyList<TokenGroup> Groups { get; }

    public RolloutBatch Batch => View.Batch;

    public TokenReport? Report => View.Report;

    /// <summary>What is shown of which responses, in order.</summary>
    public IReadOnlyList<ShownRow> ShownRows =>
        [.. Groups.SelectMany(g => g.Rows.Select(r => new ShownRow(Batch.Layout.GroupStarts[g.Index] + r.Number - 1, r.Shown)))];

    /// <summary>What the picture shows, in one line.</summary>
    public string Title =>
        Report is null ? "Sampled responses" : $"{VisibleText.Of(Report.Objective.Name)}: {Colouring.Name} of every token";

    /// <summary>How much of the batch it is.</summary>
    public string Size =>
        $"{Numbers.Of(Batch.Groups.Count, "prompt")}, {Numbers.Of(Batch.Responses.Count, "response")}, {Numbers.Of(Batch.Layout.Tokens, "token")}";

    /// <summary>Sentences that qualify the picture: what is missing, cut or special.</summary>
    public IEnumerable<string> Notes()
    {
        if (!Colouring.IsMeasured)
            yield return $"This batch holds no {Colouring.Name}, so the tokens have no colour. {Remedy}";
        var shown = Groups.Sum(g => g.Rows.Count);
        if (shown < Batch.Responses.Count)
            yield return $"{shown} of {Numbers.Of(Batch.Responses.Count, "response")} shown. More: with {{ Prompts = {Batch.Groups.Count}, MostTokens = {Batch.Layout.Tokens + TokenTable.RowInTokens * Batch.Responses.Count} }}.";
        if (Groups.Any(g => g.IsSilent))
            yield return "No signal: every response of the group got the same reward, so "
                + (SilentTokensMove ? "only the KL penalty or a bonus moves its tokens." : "the group teaches nothing.");
        if (Report?.Clipped is { } clipped && clipped.Any(c => c != ClipSide.None))
            yield return $"{Numbers.Share(Report.Summary.ClipFraction)} of the tokens are stopped by the trust region: ↥ at the upper bound, ↧ at the lower one.";
    }

    /// <summary>True when the token counts.</summary>
    public bool IsActive(int token) => Batch.Layout.IsActive(token);

    /// <summary>Glyph of the bound that bites on a token, or nothing.</summary>
    public string ClipMark(int token) =>
        Report?.Clipped?[token] switch
        {
            ClipSide.High => "↥",
            ClipSide.Low => "↧",
            ClipSide.Dropped => "×",
            _ => "",
        };

    /// <summary>The number under a token.</summary>
    public string Label(int token) => IsActive(token) ? Colouring.Label(Colouring.Value(token)) + ClipMark(token) : "masked";

    /// <summary>True for the closing symbol of a finished response.</summary>
    public static bool IsEnd(TokenRow row, int position) =>
        position == row.Response.Length - 1
        && !row.Response.Truncated
        && row.Response.Symbols[position] is { Length: 1 } or ['<', .., '>'];

    private bool SilentTokensMove =>
        Report is { } report
        && Groups
            .Where(g => g.IsSilent)
            .SelectMany(g => g.Rows)
            .Any(r => report.Weight.Values.Slice(r.Start, r.Shown).ContainsAnyExcept(0.0));

    private string Remedy =>
        Colouring.Colour switch
        {
            TokenColour.Weight or TokenColour.Objective or TokenColour.Advantage when Report is null =>
                "Evaluate an objective on it: objective.Evaluate(batch).Tokens().",
            TokenColour.Weight or TokenColour.Objective or TokenColour.Advantage => "This objective does not use one.",
            TokenColour.Kl => "A frozen reference policy would give it.",
            TokenColour.Value => "A policy with a value head would give it.",
            _ => "",
        };

    private IEnumerable<TokenGroup> Choose()
    {
        var left = View.MostTokens;
        var layout = Batch.Layout;
        foreach (var g in (View.Chosen ?? [.. Enumerable.Range(0, Batch.Groups.Count)]).Take(View.Prompts))
        {
            var group = Batch.Groups[g];
            var rows = new List<TokenRow>();
            for (var i = 0; i < Math.Min(View.ResponsesPerPrompt, group.Responses.Count) && left > 0; i++)
            {
                var row = layout.GroupStarts[g] + i;
                var shown = Math.Min(Math.Min(View.TokensPerResponse, layout.Length(row)), left);
                left -= shown + TokenTable.RowInTokens;
                rows.Add(Row(group, i, row, shown));
            }
            if (rows.Count > 0)
                yield return new TokenGroup(g, group, Folded(rows), IsSilent(g));
        }
    }

    private TokenRow Row(ResponseGroup group, int number, int row, int shown)
    {
        var response = group.Responses[number];
        var best = group.Responses.Max(r => r.Reward) <= response.Reward && group.Responses.Min(r => r.Reward) < response.Reward;
        double? mean = null;
        var varies = false;
        if (Report?.Advantage is { } advantages && response.Length > 0)
        {
            var values = advantages.Row(row).ToArray();
            mean = values.Average();
            varies = values.Max() - values.Min() > 1e-9 * Math.Max(1e-12, values.Max(Math.Abs));
        }
        return new TokenRow(number + 1, response, Batch.Layout.RowStarts[row], shown, mean, varies, best);
    }

    // The same tokens, reward and numbers: the reader sees one row, and how often.
    private List<TokenRow> Folded(List<TokenRow> rows)
    {
        var firsts = new List<int>();
        for (var i = 0; i < rows.Count; i++)
        {
            var first = firsts.FindIndex(f => Same(rows[f], rows[i]));
            if (first < 0)
            {
                firsts.Add(i);
                continue;
            }
            rows[i] = rows[i] with { Repeats = rows[firsts[first]].Number };
            rows[firsts[first]] = rows[firsts[first]] with { Times = rows[firsts[first]].Times + 1 };
        }
        return rows;
    }

    private bool Same(TokenRow a, TokenRow b)
    {
        if (a.Response.Reward != b.Response.Reward || a.Response.Truncated != b.Response.Truncated || a.Shown != b.Shown)
            return false;
        if (!a.Response.Symbols.SequenceEqual(b.Response.Symbols) || a.Response.Length == 0)
            return false;
        TokenColumn?[] columns = [Batch.LogProbs, Batch.OldLogProbs, Report?.Weight, Batch.Entropies];
        foreach (var column in columns)
            if (column is not null && !Alike(column.Values.Slice(a.Start, a.Shown), column.Values.Slice(b.Start, b.Shown)))
                return false;
        for (var t = 0; t < a.Shown; t++)
            if (IsActive(a.Start + t) != IsActive(b.Start + t) || ClipMark(a.Start + t) != ClipMark(b.Start + t))
                return false;
        return true;
    }

    private static bool Alike(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (var t = 0; t < a.Length; t++)
            if (!a[t].Equals(b[t]) && !(Math.Abs(a[t] - b[t]) <= 1e-12 * Math.Abs(a[t])))
                return false;
        return true;
    }

    private bool IsSilent(int group)
    {
        var layout = Batch.Layout;
        if (layout.GroupSize(group) < 2)
            return false;
        if (Report?.Advantage is not { } advantages)
            return Batch.Groups[group].Responses.Select(r => r.Reward).Distinct().Count() == 1;
        var (first, last) = (layout.RowStarts[layout.GroupStarts[group]], layout.RowStarts[layout.GroupStarts[group + 1]]);
        return first < last && !advantages.Values[first..last].ContainsAnyExcept(0.0);
    }
}

namespace UniPo.Tests.Golden;

/// <summary>TRL's truncation mask and soft overlong penalty (trl_mask_truncated.json).</summary>
internal static class TrlMasks
{
    public static void Check(GoldenCase c)
    {
        if (c.TextOrNull("what") == "soft_overlong_punishment")
        {
            Overlong(c);
            return;
        }
        var (ids, mask) = (c.Grid("completion_ids"), c.Grid("completion_mask_in"));
        var (end, pad) = (c.Number("eos_token_id"), c.Number("pad_token_id"));
        var layout = new TokenLayout(
            [.. mask.Select(r => r.Length)],
            [mask.Length],
            [.. mask.SelectMany(r => r).Select(m => m > 0)]
        );
        var zero = new TokenColumn(layout, new double[layout.Tokens]);
        var batch = new RolloutBatch
        {
            Groups = [new ResponseGroup(new Prompt("golden"), [.. ids.Select(row => Response(row, end, pad))])],
            Layout = layout,
            LogProbs = zero,
            OldLogProbs = zero,
        };
        var filtered = new Filters { DropTruncated = c.Flag("mask_truncated_completions") }
            .Apply(batch, [])
            .Layout;
        double[] active = [.. Enumerable.Range(0, filtered.Tokens).Select(i => filtered.IsActive(i) ? 1.0 : 0)];
        Expect.Near("completion_mask_out", c.Grid("completion_mask_out"), active);
        Expect.Near("num_items_in_batch", c.Number("num_items_in_batch"), filtered.ActiveTokens);
    }

    // A response was cut off when its last token is neither the closing symbol nor padding.
    private static Response Response(double[] ids, double end, double pad) =>
        new() { Symbols = [.. ids.Select(_ => "x")], Truncated = ids[^1] != end && ids[^1] != pad };

    private static void Overlong(GoldenCase c)
    {
        var penalty = new OverlongPenalty { Buffer = c.Inside("config").Number("soft_punish_cache") };
        Expect.Near(
            "penalty",
            c.Numbers("penalty"),
            c.Numbers("lengths").Select(l => penalty.At(l, c.Inside("config").Number("max_completion_len"))).ToArray()
        );
    }
}

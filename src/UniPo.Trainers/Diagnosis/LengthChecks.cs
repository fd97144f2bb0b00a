using static UniPo.RunSeries;

namespace UniPo;

/// <summary>Checks of how long responses are.</summary>
internal static class LengthChecks
{
    private static readonly CheckText _drift = new(
        "Do responses drift in length?",
        "last quarter more than twice, or less than half, of the first; ill beyond three times without a gain in reward",
        "Liu et al. 2025, Dr. GRPO, section 3: dividing by the length lets wrong answers grow; the factors are this page's choice",
        "Length is changed without being paid for: GRPO's mean per response judges long wrong answers mildly; a reward on length or format may be gamed.",
        "divide by a constant (Dr. GRPO) or by all tokens (DAPO), a soft penalty on overlong responses, a look at the longest responses",
        "Lesson 07 (Dr. GRPO): the bias of the length."
    );

    /// <summary>Does the mean length grow or shrink?</summary>
    public static DiagnosisCheck Drift(RunSeries run)
    {
        if (run.Find("response_length", "response_bytes") is not { } length)
            return _drift.Missing("the length of responses");
        if (!length.IsLong)
            return _drift.Missing("the length of responses", length);
        var factor = length.First > 0 ? length.Last / length.First : 1;
        var numbers =
            $"{length.Name}: {Text(length.First)} in the first quarter, {Text(length.Last)} in the last (factor {Text(factor)}).";
        var paid = SignalChecks.Gained(run) || SignalChecks.Solved(run);
        if (factor is <= 2 and >= 0.5)
            return _drift.Says(Verdict.Fine, numbers, length);
        if (paid && run.Find("truncated") is null or { Last: < 0.1 } && SignalChecks.Solved(run))
            return _drift.Says(
                Verdict.Fine,
                numbers + " The reward is near its top: this length is what the task asks for.",
                length
            );
        return _drift.Says(factor is > 3 or < 0.33 && !paid ? Verdict.Ill : Verdict.Look, numbers, length);
    }

    private static readonly CheckText _truncated = new(
        "Are responses cut off?",
        "more than 10 % cut off in the last quarter; ill from 30 % on",
        "Yu et al. 2025, DAPO, section 3.4 (overlong responses); the shares are this page's choice",
        "A response that is cut off gets the reward of a failure although nobody knows how it would have ended: noise, and a push to be short.",
        "a longer limit, masking truncated responses (mask_truncated_completions), a soft penalty before the limit",
        "Lesson 06 (DAPO): overlong responses."
    );

    /// <summary>What share of the responses is cut off?</summary>
    public static DiagnosisCheck Truncation(RunSeries run)
    {
        if (run.Find("truncated") is not { } cut)
            return _truncated.Missing("the share of truncated responses");
        var numbers = $"{cut.Name}: {Percent(cut.First)} in the first quarter, {Percent(cut.Last)} in the last.";
        return _truncated.Says(
            cut.Last > 0.3 ? Verdict.Ill
                : cut.Last > 0.1 ? Verdict.Look
                : Verdict.Fine,
            numbers,
            cut
        );
    }
}

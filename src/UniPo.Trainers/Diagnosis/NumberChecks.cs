using static UniPo.RunSeries;

namespace UniPo;

/// <summary>Checks of loss and gradient.</summary>
internal static class NumberChecks
{
    private static readonly CheckText _finite = new(
        "Is every number a number?",
        "any NaN or infinity in loss, gradient, reward or KL",
        "arithmetic: one NaN in a gradient makes every weight NaN",
        "A step divided by zero, took the logarithm of zero or overflowed; where the gradient was NaN, the trainer either skipped the step or is lost.",
        "find the first such step; look for empty responses, half precision, a rate too large; a single NaN in the first row is often the trainer's own warm-up",
        "Lesson 00 (start here): what a step computes."
    );

    /// <summary>Were losses, gradients, rewards or KL NaN?</summary>
    public static DiagnosisCheck NotANumber(RunSeries run)
    {
        var bad = run
            .NotFinite.Where(n =>
                n.Key is "policy_loss" or "loss" or "grad_norm" or "reward" or "kl" or "policy_objective"
                || n.Key.EndsWith("loss", StringComparison.Ordinal)
            )
            .OrderByDescending(n => n.Value.Count)
            .ToArray();
        if (bad.Length == 0)
            return run.Run.Steps.Count == 0
                ? _finite.Missing("any step")
                : _finite.Says(Verdict.Fine, "No loss, gradient norm, reward or KL was NaN or infinite.");
        var numbers =
            string.Join(
                "; ",
                bad.Select(b =>
                    FormattableString.Invariant(
                        $"{b.Key}: {b.Value.Count} of {run.Run.Steps.Count} rows, first at step {b.Value.FirstStep}"
                    )
                )
            ) + ".";
        var many = bad.Max(b => b.Value.Count) > Math.Max(1, run.Run.Steps.Count / 100);
        return _finite.Says(many ? Verdict.Ill : Verdict.Look, numbers, run.Find("grad_norm", "policy_loss"));
    }

    private static readonly CheckText _loss = new(
        "The loss is (almost) 0: is anything learned?",
        "|loss| below 1e-6 in half of the rows, and gradient norms below 1e-6 or not logged",
        "arithmetic: with centred advantages and a ratio of 1 the loss of a fresh batch is 0 although its gradient is not",
        "A loss of 0 is no fault by itself: advantages of a group add up to 0. It is one when the gradient is 0, too: then all advantages are 0.",
        "look at grad_norm and at the share of silent groups instead of the loss",
        "Lesson 05 (GRPO): why the loss starts at 0."
    );

    /// <summary>Is the loss 0, and the gradient with it?</summary>
    public static DiagnosisCheck LossAtZero(RunSeries run)
    {
        if (run.Find("policy_loss", "policy_objective", "loss") is not { } loss)
            return _loss.Missing("a loss");
        var zero = loss.Values.Average(v => Math.Abs(v) < 1e-6 ? 1.0 : 0);
        var numbers = $"{loss.Name}: {Percent(zero)} of the rows within 1e-6 of 0, mean {Text(loss.Mean)}.";
        if (zero < 0.5)
            return _loss.Says(Verdict.Fine, numbers, loss);
        if (run.Find("grad_norm") is not { } gradient)
            return _loss.Says(Verdict.Look, numbers + " The log holds no grad_norm, which would decide.", loss);
        var still = gradient.Values.Average(v => v < 1e-6 ? 1.0 : 0);
        numbers += $" grad_norm: median {Text(gradient.Median)}, {Percent(still)} of the rows below 1e-6.";
        return still >= 0.5
            ? _loss.Says(Verdict.Ill, numbers, gradient)
            : _loss.Says(Verdict.Fine, numbers + " The gradient is not 0: a loss of 0 is what centred advantages give.", loss);
    }

    private static readonly CheckText _clipped = new(
        "Is the gradient always clipped?",
        "norm above the limit in 95 % of the rows, and three times the limit in the median",
        "max_grad_norm = 1 is the default of TRL, verl and OpenRLHF; the shares are this page's choice",
        "Every step has the same length, whatever the batch says: the rate is in truth rate / norm, and loud batches count no more than quiet ones.",
        "lower the rate or raise max_grad_norm; with Dr. GRPO's or a token sum, divide by the length first",
        "Lesson 07 (Dr. GRPO): what the divisor does to the size of a step."
    );

    /// <summary>Is the norm of the gradient above its limit nearly always?</summary>
    public static DiagnosisCheck GradientClipped(RunSeries run)
    {
        if (run.Find("grad_norm", "critic/grad_norm") is not { } gradient)
            return _clipped.Missing("grad_norm");
        if (!gradient.IsLong)
            return _clipped.Missing("grad_norm", gradient);
        var limit = run.Run.Header.Hyperparameters.GetValueOrDefault("max_grad_norm") is double set and > 0 ? set : 1;
        var above = gradient.Values.Average(v => v > limit ? 1.0 : 0);
        var numbers = $"{gradient.Name}: median {Text(gradient.Median)}, above {Text(limit)} in {Percent(above)} of the rows.";
        return _clipped.Says(above >= 0.95 && gradient.Median > 3 * limit ? Verdict.Look : Verdict.Fine, numbers, gradient);
    }
}

using UniPo.Numerics;

namespace UniPo;

/// <summary>What the judge of a rubric says about how sure it is.</summary>
public enum JudgeConfidence
{
    /// <summary>The noisier it judges, the less sure it is: confidence 1 / (1 + (noise / 0.1)²).</summary>
    Calibrated,

    /// <summary>It is always sure.</summary>
    Certain,

    /// <summary>The noisier it judges, the surer it is: one minus the calibrated confidence.</summary>
    Inverted,
}

/// <summary>
/// The items by which a sum with dots is judged: four that a program checks, and one that a noisy judge guesses.
/// </summary>
/// <remarks>
/// The judge stands for a model that is asked whether a response looks right. Its verdict is the truth plus noise; the noise is
/// fixed by prompt and response, so that the same response always gets the same verdict and a run stays repeatable.
/// </remarks>
internal static class SumRubric
{
    public static Rubric Create(int longest, double judgeNoise, JudgeConfidence confidence)
    {
        var calibrated = 1 / (1 + Math.Pow(judgeNoise / 0.1, 2));
        var sureness = confidence switch
        {
            JudgeConfidence.Certain => 1,
            JudgeConfidence.Inverted => 1 - calibrated,
            _ => calibrated,
        };
        return new Rubric(
            Item("format", (_, c) => !c.Truncated && Answer(c).Length > 0 && Answer(c).All(char.IsAsciiDigit) ? 1 : 0),
            Item("digits", (p, c) => RightDigits(Answer(c), p.Answer!)),
            Item("exact", Exact),
            Item("brief", (_, c) => 1 - (c.Text.Length - Answer(c).Length) / (double)longest),
            Item("looks right", (p, c) => Math.Clamp(Exact(p, c) + judgeNoise * Noise(p.Text + c.Text), 0, 1), sureness)
        );
    }

    private static RubricItem Item(string name, Func<Prompt, Completion, double> score, double confidence = 1) =>
        new() { Name = name, Judge = (prompt, completion) => new(score(prompt, completion), Confidence: confidence) };

    private static string Answer(Completion completion) => completion.Text.TrimEnd('.');

    private static double Exact(Prompt prompt, Completion completion) =>
        !completion.Truncated && Answer(completion) == prompt.Answer ? 1 : 0;

    /// <summary>Share of the answer's places that hold the right digit, counted from the units.</summary>
    private static double RightDigits(string given, string right)
    {
        var hits = 0;
        for (var place = 1; place <= Math.Min(given.Length, right.Length); place++)
            if (given[^place] == right[^place])
                hits++;
        return hits / (double)Math.Max(given.Length, right.Length);
    }

    private static double Noise(string text)
    {
        var seed = 14695981039346656037UL; // FNV-1a: string.GetHashCode differs from process to process
        foreach (var character in text)
            seed = (seed ^ character) * 1099511628211UL;
        return new SeededRandom(seed).NextGaussian();
    }
}

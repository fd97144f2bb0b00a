namespace UniPo.Interactive;

/// <summary>
/// Exercises that check themselves. Nothing here throws for a wrong answer: the reader gets a sentence and, folded, the next
/// hint.
/// </summary>
/// <remarks>
/// A result keeps no count of attempts: hints are folded into each other, so the reader opens one more only after reading the one
/// before. That works in every host, without script, and after the notebook was saved.
/// </remarks>
public static class Check
{
    /// <summary>Checks a number.</summary>
    /// <param name="question">What was asked, in a few words.</param>
    /// <param name="answer">The reader's number; null while the exercise is blank.</param>
    /// <param name="expected">The right number, computed, never typed.</param>
    /// <param name="hints">Up to three hints, each going further than the one before.</param>
    /// <remarks>
    /// Right within 0.5 % of the expected number (0.005 around zero), so that rounding to three digits is accepted.
    /// </remarks>
    public static CheckResult That(string question, double? answer, double expected, params string[] hints) =>
        answer is not { } number ? CheckResult.Blank(question, hints)
        : !double.IsFinite(number) ? CheckResult.Wrong(question, $"{number.ToString(Culture)} is not a finite number.", hints)
        : Math.Abs(number - expected) <= Tolerance(expected) ? CheckResult.Right(question, $"{Numbers.Short(number)} is right.")
        : CheckResult.Wrong(question, Distance(number, expected), hints);

    /// <summary>Checks anything else by a rule.</summary>
    /// <typeparam name="T">What is asked for: an objective, an array, a function …</typeparam>
    /// <param name="question">What was asked, in a few words.</param>
    /// <param name="answer">The reader's answer; null while the exercise is blank.</param>
    /// <param name="isRight">The rule; an exception inside it counts as a wrong answer and is told.</param>
    /// <param name="hints">Up to three hints, each going further than the one before.</param>
    public static CheckResult That<T>(string question, T? answer, Func<T, bool> isRight, params string[] hints)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(isRight);
        if (answer is null)
            return CheckResult.Blank(question, hints);
        try
        {
            return isRight(answer)
                ? CheckResult.Right(question, "That is right.")
                : CheckResult.Wrong(question, "Not yet.", hints);
        }
        catch (Exception fault)
        {
            return CheckResult.Wrong(question, $"Your answer could not be tried: {fault.Message}", hints);
        }
    }

    /// <summary>Asks for a guess before the truth is shown: any guess is welcome, none hides the answer.</summary>
    /// <param name="question">What to predict.</param>
    /// <param name="guess">The reader's guess; null hides the answer.</param>
    /// <param name="truth">The computed answer.</param>
    /// <param name="because">Why it is so, in one or two sentences.</param>
    public static CheckResult Prediction(string question, double? guess, double truth, string because) =>
        guess is not { } number ? CheckResult.Unguessed(question)
        : Math.Abs(number - truth) <= Tolerance(truth)
            ? CheckResult.Right(question, $"You said {Numbers.Short(number)}, and so it is. {because}")
        : CheckResult.Told(question, $"You said {Numbers.Short(number)}; it is {Numbers.Short(truth)}. {because}");

    private static readonly System.Globalization.CultureInfo Culture = System.Globalization.CultureInfo.InvariantCulture;

    // A sum that is zero on paper comes out as a rounding error, so what is that small counts as zero.
    private static double Tolerance(double expected) => Math.Abs(expected) < 1e-9 ? 0.005 : 0.005 * Math.Abs(expected);

    // Says which way the answer is off without giving it away; the sign is the mistake made most often, so it is told first.
    private static string Distance(double number, double expected) =>
        number != 0 && Math.Abs(number + expected) <= Tolerance(expected)
            ? $"{Numbers.Short(number)} has the right size but the wrong sign."
        : number < expected ? $"{Numbers.Short(number)} is too low."
        : $"{Numbers.Short(number)} is too high.";
}

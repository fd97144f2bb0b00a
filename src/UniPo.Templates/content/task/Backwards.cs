using UniPo;

/// <summary>Write three letters backwards: after <c>abc&gt;</c> the answer <c>cba</c>. Replace it by your task.</summary>
/// <param name="sloppy">True for the teacher, who shows the letters as they came half of the time.</param>
internal sealed class Backwards(bool sloppy = false) : ITask
{
    private static readonly Prompt[] _all =
    [
        .. from a in "abcdef" from b in "abcdef" from c in "abcdef" select new Prompt($"{a}{b}{c}>", $"{c}{b}{a}"),
    ];

    public string Name => "backwards";

    public string Description => "Write three letters in reverse order.";

    public Vocabulary Vocabulary { get; } = Vocabulary.OfCharacters("abcdef>");

    public int MaxTokens => 4; // three letters and the closing symbol

    public IReadOnlyList<Prompt> TrainingPrompts => [.. _all.Where((_, i) => !IsHeldOut(i))];

    public IReadOnlyList<Prompt> HeldOutPrompts => [.. _all.Where((_, i) => IsHeldOut(i))];

    public IEnumerable<string> RightResponses(Prompt prompt) => sloppy ? [prompt.Answer!, prompt.Text[..3]] : [prompt.Answer!];

    /// <summary>What an answer is worth: a third for each letter in its right place. Any finite number will do.</summary>
    public double Reward(Prompt prompt, Completion answer) =>
        answer.Truncated ? 0 : prompt.Answer!.Zip(answer.Text).Count(pair => pair.First == pair.Second) / 3.0;

    // A fourth of the prompts, spread over all letters: 7 and 216 have no common divisor.
    private static bool IsHeldOut(int i) => i * 7 % _all.Length < _all.Length / 4;
}

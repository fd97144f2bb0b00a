using UniPo.Numerics;

namespace UniPo;

/// <summary>The sums behind the built-in tasks: all pairs of operands, their answers, and the wrong ways to add.</summary>
internal static class Sums
{
    /// <summary>The fifteen symbols of every built-in task: digits, plus, equals, dot, end and padding.</summary>
    public static Vocabulary Vocabulary { get; } = Vocabulary.OfCharacters("0123456789+=.");

    /// <summary>Every sum of two numbers with this many digits, a fifth of them set aside, both parts in random order.</summary>
    /// <remarks>
    /// The split has a seed of its own, so that a base model and every run on top of it leave out the same sums.
    /// </remarks>
    public static (IReadOnlyList<Prompt> Training, IReadOnlyList<Prompt> HeldOut) Split(int digits)
    {
        if (digits is < 1 or > 3)
            throw new ArgumentOutOfRangeException(
                nameof(digits),
                $"Digits must lie in 1..3 (a task lists all its sums), but was {digits}."
            );
        var (least, most) = digits == 1 ? (0, 9) : ((int)Math.Pow(10, digits - 1), (int)Math.Pow(10, digits) - 1);
        var all = new List<Prompt>((most - least + 1) * (most - least + 1));
        for (var a = least; a <= most; a++)
        for (var b = least; b <= most; b++)
            all.Add(new Prompt($"{a}+{b}=", $"{a + b}"));
        var prompts = all.ToArray();
        new SeededRandom(0).Shuffle(prompts.AsSpan());
        var heldOut = prompts.Length / 5;
        return (prompts[heldOut..], prompts[..heldOut]);
    }

    /// <summary>The two operands of a prompt such as <c>27+58=</c>.</summary>
    public static (string A, string B) Operands(Prompt prompt)
    {
        var plus = prompt.Text.IndexOf('+', StringComparison.Ordinal);
        return (prompt.Text[..plus], prompt.Text[(plus + 1)..^1]);
    }

    /// <summary>Adds digit by digit and forgets every carry: 27+58 gives 75.</summary>
    public static string WithoutCarry(Prompt prompt)
    {
        var (a, b) = Operands(prompt);
        return string.Concat(a.Zip(b, (x, y) => (char)('0' + (x - '0' + y - '0') % 10)));
    }

    /// <summary>The right digits in the wrong order: 27+58 gives 58.</summary>
    public static string Reversed(Prompt prompt) => string.Concat(prompt.Answer!.Reverse());
}

using System.Text;
using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// What differs between two objectives: part by part, line by line of their formulas, and in numbers on a batch.
/// </summary>
public sealed class ObjectiveDifference
{
    internal ObjectiveDifference(Objective first, Objective second)
    {
        (First, Second) = (first, second);
        var (a, b) = (first.Parts, second.Parts);
        Parts =
        [
            .. a.Select(p => p.Name)
                .Union(b.Select(p => p.Name))
                .Select(name => new PartDifference(
                    name,
                    a.FirstOrDefault(p => p.Name == name),
                    b.FirstOrDefault(p => p.Name == name)
                )),
        ];
        Lines = [.. Pairs(first.Formula, second.Formula)];
    }

    /// <summary>One objective.</summary>
    public Objective First { get; }

    /// <summary>The other.</summary>
    public Objective Second { get; }

    /// <summary>All parts of both, those that agree included.</summary>
    public IReadOnlyList<PartDifference> Parts { get; }

    /// <summary>The parts that differ.</summary>
    public IEnumerable<PartDifference> Differences => Parts.Where(p => p.Differs);

    /// <summary>The lines of both formulas, paired by their letter, differences marked.</summary>
    public IReadOnlyList<LineDifference> Lines { get; }

    /// <summary>True when the two do the same, whatever they are called.</summary>
    public bool IsEmpty => First.Equals(Second);

    /// <summary>Both objectives' numbers for every token of the same responses.</summary>
    /// <param name="batch">Scored responses.</param>
    /// <exception cref="ArgumentException">The batch lacks a column that one of the objectives needs.</exception>
    public ObjectiveContrast On(RolloutBatch batch) => new(First.Evaluate(batch), Second.Evaluate(batch));

    private static IEnumerable<LineDifference> Pairs(Formula first, Formula second)
    {
        foreach (var letter in first.Lines.Select(l => l.Left).Union(second.Lines.Select(l => l.Left)))
            yield return LineDifference.Of(
                first.Lines.FirstOrDefault(l => l.Left == letter),
                second.Lines.FirstOrDefault(l => l.Left == letter)
            )!;
    }

    /// <summary>The parts that differ, in words and symbols, as text of at most 100 columns.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        TextLayout.AppendSentence(text, $"{First.Name} against {Second.Name}");
        if (IsEmpty)
            return text.Append("They do the same.").ToString();
        var width = Math.Min(Math.Max(First.Name.Length, Second.Name.Length), 20);
        foreach (var part in Differences)
        {
            text.Append('\n').Append(part.Name).Append(": ").Append(part.Question).Append('\n');
            Side(text, First.Name, width, part.FirstInWords, part.Line is { Differs: true, First: { } a } ? a : null);
            Side(text, Second.Name, width, part.SecondInWords, part.Line is { Differs: true, Second: { } b } ? b : null);
        }
        return text.ToString().TrimEnd('\n');
    }

    private static void Side(StringBuilder text, string name, int width, string words, FormulaLine? line)
    {
        var label = "  " + TextLayout.Pad(name.Length > width ? name[..width] : name, width) + "  ";
        var indent = label;
        foreach (var row in TextLayout.Sentence(words, TextLayout.Width - label.Length))
        {
            text.Append(indent).Append(row).Append('\n');
            indent = new string(' ', label.Length);
        }
        if (line is not null)
            TextLayout.Append(text, new string(' ', label.Length), line.ToString());
    }
}

using System.Globalization;
using System.Text;
using UniPo.Numerics;

namespace UniPo;

/// <summary>An objective on one screen of a plain console: name, source, parts in words, formula.</summary>
internal static class ObjectiveCard
{
    public static string Write(Objective objective)
    {
        var text = new StringBuilder();
        text.Append(objective.Name);
        if (objective.Year > 0)
            text.Append(CultureInfo.InvariantCulture, $" ({objective.Year})");
        text.Append('\n');
        Paragraph(text, "", objective.Paper);
        Paragraph(text, "", objective.Why);
        text.Append('\n');
        foreach (var part in objective.Parts)
            Paragraph(text, part.Name.PadRight(14), part.InWords);
        text.Append('\n').Append(objective.Formula).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    private static void Paragraph(StringBuilder text, string label, string words)
    {
        if (words.Length == 0)
            return;
        var first = true;
        foreach (var line in TextLayout.Sentence(words, TextLayout.Width - label.Length))
        {
            text.Append(first ? label : new string(' ', label.Length)).Append(line).Append('\n');
            first = false;
        }
    }
}

using System.Text;

namespace UniPo;

/// <summary>Sentences broken into lines at blanks, so that a configuration file or a terminal stays readable.</summary>
internal static class WrappedText
{
    /// <summary>Longest line of a text, in characters.</summary>
    public const int Width = 100;

    /// <summary>The sentence in lines of at most <paramref name="width"/> characters; a longer word stays whole.</summary>
    public static IEnumerable<string> Lines(string sentence, int width)
    {
        var line = new StringBuilder();
        foreach (var word in sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }
            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }
        if (line.Length > 0)
            yield return line.ToString();
    }
}

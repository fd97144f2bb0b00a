using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UniPo.Cli.Notebooks;

/// <summary>
/// The <c>.dib</c> format of Polyglot Notebooks: plain text in which a line such as <c>#!csharp</c> or <c>#!markdown</c> begins a cell.
/// It holds no outputs; the executed copy is an <c>.ipynb</c> file.
/// </summary>
internal static partial class DibText
{
    private static readonly Dictionary<string, string> _languages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = "csharp",
        ["c#"] = "csharp",
        ["markdown"] = "markdown",
        ["md"] = "markdown",
        ["meta"] = "meta",
    };

    // What begins a cell in another language; every other word behind #! is a command inside a cell.
    private static readonly string[] _others =
        "fsharp f# pwsh powershell html javascript js mermaid sql kql http value raw python r".Split(' ');

    /// <summary>True for a file of this name.</summary>
    public static bool Is(string path) => Path.GetExtension(path).Equals(".dib", StringComparison.OrdinalIgnoreCase);

    /// <summary>The notebook in the format of Jupyter.</summary>
    public static JsonObject Parse(string text)
    {
        var (cells, language, lines) = (new JsonArray(), "csharp", new StringBuilder());
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            var word = Start().Match(line) is { Success: true } start ? start.Groups["word"].Value : "";
            if (!_languages.ContainsKey(word) && !_others.Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                lines.Append(line).Append('\n');
                continue;
            }

            Add(cells, language, lines.ToString());
            language = _languages.GetValueOrDefault(word, word);
            lines.Clear();
        }

        Add(cells, language, lines.ToString());
        return new JsonObject
        {
            ["cells"] = cells,
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject
                {
                    ["display_name"] = ".NET (C#)",
                    ["language"] = "C#",
                    ["name"] = ".net-csharp",
                },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
    }

    private static void Add(JsonArray cells, string language, string source)
    {
        source = source.Trim('\n');
        if (language == "meta" || source.Length == 0)
            return;
        cells.Add(
            new JsonObject
            {
                ["cell_type"] = language == "markdown" ? "markdown" : "code",
                ["metadata"] = language is "markdown" or "csharp"
                    ? new JsonObject()
                    : new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = language } },
                ["source"] = NotebookText.Split(source),
            }
        );
    }

    [GeneratedRegex(@"^#!(?<word>\S+)\s*$")]
    private static partial Regex Start();
}

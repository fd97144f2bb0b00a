using System.Text.Json;
using System.Text.Json.Nodes;

namespace UniPo.Cli.Notebooks;

/// <summary>Reads the text of a notebook's file, and names what the file is when it is none.</summary>
internal static class NotebookFileText
{
    private const long MostBytes = 256 << 20;

    private static readonly (string Start, string Kind)[] _kinds =
    [
        ("version https://git-lfs", "a Git LFS pointer: fetch the file itself with git lfs pull"),
        ("%PDF", "a PDF"),
        ("PK\u0003\u0004", "a ZIP archive"),
        ("\uFFFDPNG", "a picture"),
        ("<!doctype", "an HTML page"),
        ("<html", "an HTML page"),
        ("#!", "a .dib notebook or a script: name it .dib if it is one"),
    ];

    /// <summary>The text; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <exception cref="UsageException">There is no such file, or it is none that can be read at once.</exception>
    public static string Read(string path)
    {
        if (Directory.Exists(path))
            throw new UsageException($"{path}: this is a folder; name a notebook in it.");
        if (!File.Exists(path))
            throw new UsageException($"{path}: there is no such file.");
        if (!FilePlace.IsPlainFile(path))
            throw new UsageException($"{path}: this is no ordinary file but a pipe, a socket or a device.");
        if (new FileInfo(path).Length is var size && size > MostBytes)
            throw new UsageException($"{path}: the file has {size >> 20} MB; notebooks up to {MostBytes >> 20} MB are read.");
        return File.ReadAllText(path);
    }

    /// <summary>The JSON object of an <c>.ipynb</c> file.</summary>
    /// <exception cref="UsageException">The text is none.</exception>
    public static JsonObject Parse(string path, string text)
    {
        var start = text.TrimStart();
        foreach (var (first, kind) in _kinds)
            if (start.StartsWith(first, StringComparison.OrdinalIgnoreCase))
                throw new UsageException($"{path}: not a notebook: this is {kind}. Notebooks are .ipynb and .dib files.");
        try
        {
            return JsonNode.Parse(
                    NotebookText.WithWholeCharacters(text),
                    documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }
                ) as JsonObject
                ?? throw new UsageException($"{path}: not a notebook: the file must hold one JSON object.");
        }
        catch (JsonException fault) when (fault.Message.StartsWith("Duplicate", StringComparison.Ordinal))
        {
            throw new UsageException($"{path}: not a notebook: a name stands twice in one of its JSON objects.");
        }
        catch (JsonException fault)
        {
            throw new UsageException($"{path}: not a notebook: line {fault.LineNumber + 1} is no valid JSON.");
        }
    }
}

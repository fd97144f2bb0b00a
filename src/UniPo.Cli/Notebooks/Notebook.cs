using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using UniPo.Cli.Files;

namespace UniPo.Cli.Notebooks;

/// <summary>A notebook file (nbformat 4.5), read, changed and written without losing what this program does not know.</summary>
internal sealed class Notebook
{
    private static readonly JsonWriterOptions _asJupyterWrites = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _root;

    private Notebook(JsonObject root, string path)
    {
        _root = root;
        Path = path;
        Cells = [.. ((JsonArray)root["cells"]!).Select((cell, i) => new NotebookCell((JsonObject)cell!, i + 1))];
    }

    /// <summary>The file it was read from.</summary>
    public string Path { get; }

    /// <summary>Its file name, for messages.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>All cells in order.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>The first heading of level 1, or the file name.</summary>
    public string Title =>
        Cells
            .Where(c => c.IsMarkdown)
            .SelectMany(c => c.Source.Split('\n'))
            .FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))
            ?[2..].Trim()
        ?? System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The run that the outputs come from; null when they were not stored by this program.</summary>
    public StoredRun? Stored
    {
        get => StoredRun.Read((JsonObject)_root["metadata"]!);
        set => value?.Write((JsonObject)_root["metadata"]!);
    }

    /// <summary>Reads a notebook: an <c>.ipynb</c> file, or a <c>.dib</c> file of Polyglot Notebooks.</summary>
    /// <exception cref="UsageException">The file is missing, is no notebook, or is not C#.</exception>
    public static Notebook Read(string path)
    {
        var text = NotebookFileText.Read(path);
        try
        {
            var root = DibText.Is(path) ? DibText.Parse(text) : NotebookFileText.Parse(path, text);
            if (NotebookShape.FindFault(root) is { } shape)
                throw new UsageException($"{path}: not a notebook that can be run: {shape}");
            NotebookShape.Upgrade(root);
            return new Notebook(root, System.IO.Path.GetFullPath(path));
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException)
        {
            throw new UsageException($"{path}: not a notebook that can be run: {fault.Message}");
        }
    }

    /// <summary>Writes an executed copy, marked as made by this program.</summary>
    public void WriteCopy(string path)
    {
        var metadata = (JsonObject)_root["metadata"]!;
        var before = metadata[StoredRun.Place]?.DeepClone();
        if (metadata[StoredRun.Place] is not JsonObject own)
            metadata[StoredRun.Place] = own = [];
        own["made"] = OutputFile.Mark;
        OutputFile.Write(path, Text());
        if (before is null)
            metadata.Remove(StoredRun.Place);
        else
            metadata[StoredRun.Place] = before;
    }

    /// <summary>Writes the notebook into its own file; the file that was there stays until the new one is complete.</summary>
    public void WriteOriginal() => AtomicFile.Write(Path, overwrite: true, Text());

    // As Jupyter writes it: one space of indentation, a line break at the end.
    private string Text()
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, _asJupyterWrites))
            _root.WriteTo(json);
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length) + "\n";
    }
}

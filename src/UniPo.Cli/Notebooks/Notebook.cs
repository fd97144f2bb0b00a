using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

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

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="UsageException">The file is missing, is no notebook, or is not C#.</exception>
    public static Notebook Read(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"{path}: there is no such file.");
        JsonObject root;
        try
        {
            root =
                JsonNode.Parse(File.ReadAllText(path)) as JsonObject
                ?? throw new UsageException($"{path}: not a notebook: the file must hold one JSON object.");
        }
        catch (JsonException fault)
        {
            throw new UsageException($"{path}: not a notebook: line {fault.LineNumber + 1} is no valid JSON.");
        }

        try
        {
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

    /// <summary>
    /// Writes the notebook as Jupyter would: one space of indentation, a line break at the end, never half a file.
    /// </summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var half = path + ".part";
        using (var file = File.Create(half))
        {
            using (var json = new Utf8JsonWriter(file, _asJupyterWrites))
                _root.WriteTo(json);
            file.Write("\n"u8);
        }

        File.Move(half, path, overwrite: true);
    }
}

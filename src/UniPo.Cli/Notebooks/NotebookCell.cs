using System.Text.Json.Nodes;

namespace UniPo.Cli.Notebooks;

/// <summary>One cell: a view on its JSON, so that everything this program does not know survives.</summary>
internal sealed class NotebookCell(JsonObject json, int number)
{
    /// <summary>Position in the notebook, from 1, markdown cells counted: what messages call the cell.</summary>
    public int Number { get; } = number;

    /// <summary>The cell's id; unique in its notebook.</summary>
    public string Id => NotebookText.Field(json, "id") ?? "";

    /// <summary>True for a cell that can be run.</summary>
    public bool IsCode => Kind == "code";

    /// <summary>True for prose.</summary>
    public bool IsMarkdown => Kind == "markdown";

    /// <summary>Tags of the cell: <c>parameters</c>, <c>raises-exception</c>, <c>skip-execution</c> …</summary>
    public IReadOnlyList<string> Tags =>
        (json["metadata"]?["tags"] as JsonArray)?.Select(t => t?.ToString() ?? "").ToArray() ?? [];

    /// <summary>The text, lines joined by <c>\n</c>.</summary>
    public string Source
    {
        get => NotebookText.Join(json["source"]);
        set => json["source"] = NotebookText.Split(value);
    }

    /// <summary>Outputs in the notebook format, in the order in which they came.</summary>
    public JsonArray Outputs
    {
        get => json["outputs"] as JsonArray ?? [];
        set => json["outputs"] = value;
    }

    /// <summary>Which run of a code cell the outputs belong to; null when it was not run.</summary>
    public int? ExecutionCount
    {
        get => json["execution_count"] is JsonValue value && value.TryGetValue<int>(out var count) ? count : null;
        set => json["execution_count"] = value;
    }

    /// <summary>The cell's language by its metadata; null when it does not say.</summary>
    public string? Language =>
        NotebookText.Field(json, "metadata", "polyglot_notebook", "kernelName")
        ?? NotebookText.Field(json, "metadata", "dotnet_interactive", "language");

    /// <summary>Pictures that were pasted into the cell: by name, in base64.</summary>
    public IReadOnlyDictionary<string, string> Attachments =>
        (json["attachments"] as JsonObject ?? [])
            .Where(a => a.Value is JsonObject { Count: > 0 })
            .ToDictionary(a => a.Key, a => NotebookText.Join(((JsonObject)a.Value!).First().Value));

    private string Kind => NotebookText.Field(json, "cell_type") ?? "";

    /// <summary>True when the cell carries this tag.</summary>
    public bool Has(string tag) => Tags.Contains(tag);
}

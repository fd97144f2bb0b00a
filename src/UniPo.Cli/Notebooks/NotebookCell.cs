using System.Text.Json.Nodes;

namespace UniPo.Cli.Notebooks;

/// <summary>One cell: a view on its JSON, so that everything this program does not know survives.</summary>
internal sealed class NotebookCell(JsonObject json, int number)
{
    /// <summary>Position in the notebook, from 1, markdown cells counted: what messages call the cell.</summary>
    public int Number { get; } = number;

    /// <summary>The cell's id; unique in its notebook.</summary>
    public string Id => (string)json["id"]!;

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
        get => (int?)json["execution_count"];
        set => json["execution_count"] = value;
    }

    /// <summary>The cell's language by its metadata; null when it does not say.</summary>
    public string? Language =>
        (string?)json["metadata"]?["polyglot_notebook"]?["kernelName"]
        ?? (string?)json["metadata"]?["dotnet_interactive"]?["language"];

    private string Kind => (string)json["cell_type"]!;

    /// <summary>True when the cell carries this tag.</summary>
    public bool Has(string tag) => Tags.Contains(tag);
}

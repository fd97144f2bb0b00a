using System.Text.Json.Nodes;

namespace UniPo.Cli.Tests.Support;

/// <summary>Writes small notebooks for tests, with the metadata that editors write.</summary>
internal sealed class NotebookBuilder
{
    private readonly JsonArray _cells = [];

    public NotebookBuilder Prose(string markdown) => Add("markdown", markdown, []);

    public NotebookBuilder Code(string code) => Add("code", code, []);

    public NotebookBuilder Code(string code, params string[] tags) => Add("code", code, tags);

    public NotebookBuilder Code(string code, params (string Type, string Text)[] outputs)
    {
        Add("code", code, []);
        _cells[^1]!["outputs"] = new JsonArray([
            .. outputs.Select(o => new JsonObject
            {
                ["output_type"] = "display_data",
                ["metadata"] = new JsonObject(),
                ["data"] = new JsonObject { [o.Type] = o.Text },
            }),
        ]);
        return this;
    }

    public JsonObject Build() =>
        new()
        {
            ["cells"] = _cells,
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject
                {
                    ["display_name"] = ".NET (C#)",
                    ["language"] = "C#",
                    ["name"] = ".net-csharp",
                },
                ["language_info"] = new JsonObject { ["name"] = "polyglot-notebook" },
                ["a_reader's_own"] = new JsonObject { ["kept"] = 1.50 },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };

    public string Write(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Build().ToJsonString());
        return path;
    }

    private NotebookBuilder Add(string kind, string source, string[] tags)
    {
        var cell = new JsonObject
        {
            ["cell_type"] = kind,
            ["id"] = $"id-{_cells.Count + 1}",
            ["metadata"] = new JsonObject(),
        };
        if (tags.Length > 0)
            cell["metadata"]!["tags"] = new JsonArray([.. tags.Select(t => JsonValue.Create(t))]);
        if (kind == "code")
        {
            cell["execution_count"] = null;
            cell["outputs"] = new JsonArray();
        }

        cell["source"] = source;
        _cells.Add(cell);
        return this;
    }
}

using System.Text.Json.Nodes;

namespace UniPo.Cli.Tests.Support;

/// <summary>An executed copy, read independently of the program that wrote it.</summary>
internal sealed class ExecutedNotebook(string path)
{
    public JsonObject Root { get; } = JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    public JsonObject Cell(int number) => Root["cells"]![number - 1]!.AsObject();

    public JsonArray Outputs(int cell) => Cell(cell)["outputs"]!.AsArray();

    /// <summary>Kind and text of every output of a cell, in order, such as <c>stream: hello</c>.</summary>
    public string[] Story(int cell) => [.. Outputs(cell).Select(o => Tell(o!))];

    public string Source(int cell) => Text(Cell(cell)["source"]);

    public static string Text(JsonNode? node) =>
        node is JsonArray lines ? string.Concat(lines.Select(l => l!.ToString())) : node!.ToString();

    private static string Tell(JsonNode output) =>
        (string)output["output_type"]! switch
        {
            "stream" => $"{output["name"]}: {Text(output["text"])}",
            "error" => $"error: {output["ename"]}: {output["evalue"]}",
            var kind => $"{kind}: {Text(output["data"]!["text/plain"])}",
        };
}

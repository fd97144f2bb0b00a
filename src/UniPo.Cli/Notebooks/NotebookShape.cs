using System.Text.Json.Nodes;

namespace UniPo.Cli.Notebooks;

/// <summary>What a file must look like to be run as a C# notebook.</summary>
internal static class NotebookShape
{
    private static readonly string[] _csharp = ["c#", "csharp", ".net-csharp", "polyglot-notebook", "C#"];

    /// <summary>What is wrong with the file, or null.</summary>
    public static string? FindFault(JsonObject root)
    {
        if (Number(root["nbformat"]) is not { } major)
            return "it has no number \"nbformat\".";
        if (major != 4)
            return $"it is in notebook format {major}; format 4 is needed (open and save it in Jupyter or VS Code).";
        if (root["cells"] is not JsonArray cells)
            return "it has no list \"cells\".";
        if (root["metadata"] is not (null or JsonObject))
            return "its \"metadata\" is no JSON object.";
        for (var i = 0; i < cells.Count; i++)
            if (FindCellFault(cells[i]) is { } fault)
                return $"cell {i + 1} {fault}";
        return FindLanguageFault(root, cells);
    }

    /// <summary>Brings the file to format 4.5: every cell gets an id, and the lists a code cell must have.</summary>
    public static void Upgrade(JsonObject root)
    {
        if (Number(root["nbformat_minor"]) is not >= 5)
            root["nbformat_minor"] = 5;
        root["metadata"] ??= new JsonObject();
        var cells = ((JsonArray)root["cells"]!).Cast<JsonObject>().ToList();
        var taken = cells.Select(c => NotebookText.Field(c, "id")).ToHashSet();
        var used = new HashSet<string>();
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = cells[i];
            if (NotebookText.Field(cell, "id") is not { Length: > 0 } id || !used.Add(id))
            {
                // The first of two cells keeps the id they share.
                var free = Enumerable.Range(i + 1, 2 * cells.Count + 1).Select(n => $"cell-{n}").First(n => !taken.Contains(n));
                taken.Add(free);
                used.Add(free);
                cell["id"] = free;
            }

            cell["metadata"] ??= new JsonObject();
            if (Text(cell["cell_type"]) != "code")
                continue;

            // An output that is none says nothing.
            cell["outputs"] = new JsonArray([
                .. (cell["outputs"] as JsonArray ?? []).OfType<JsonObject>().Select(o => o.DeepClone()),
            ]);
            if (!cell.ContainsKey("execution_count"))
                cell["execution_count"] = null;
        }
    }

    private static string? FindCellFault(JsonNode? node)
    {
        if (node is not JsonObject cell)
            return "is no JSON object.";
        if (Text(cell["cell_type"]) is not ("code" or "markdown" or "raw"))
            return "has no \"cell_type\" code, markdown or raw.";
        if (cell["source"] is not (JsonArray or JsonValue))
            return "has no \"source\".";
        if (cell["id"] is not null && Text(cell["id"]) is null)
            return "has an \"id\" that is no text.";
        if (cell["metadata"] is not (null or JsonObject))
            return "has \"metadata\" that is no JSON object.";
        return cell["outputs"] is null or JsonArray ? null : "has \"outputs\" that are no list.";
    }

    private static string? FindLanguageFault(JsonObject root, JsonArray cells)
    {
        var kernel = root["metadata"]?["kernelspec"] as JsonObject;
        var language = Text(kernel?["language"]) ?? NotebookText.Field(root, "metadata", "language_info", "name");
        if (language is not null && !_csharp.Contains(language))
            return $"its language is {language}, and only C# notebooks are run.";
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = new NotebookCell((JsonObject)cells[i]!, i + 1);
            if (cell.IsCode && cell.Language is { } own && !_csharp.Contains(own))
                return $"cell {i + 1} is in {own}, and only C# cells are run.";
        }

        return null;
    }

    private static int? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

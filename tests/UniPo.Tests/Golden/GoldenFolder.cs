using System.Text.Json;
using System.Text.Json.Nodes;

namespace UniPo.Tests.Golden;

/// <summary>The folder of golden vectors: the one named by UNIPO_GOLDEN, or the repository's own.</summary>
internal sealed class GoldenFolder
{
    private GoldenFolder(string path)
    {
        Path = path;
        // A folder without inputs of its own uses the repository's.
        Batches = Read(Holds("batches.json") ? path : Default, "batches.json")
            .ToDictionary(c => c.Text("name"), c => new GoldenBatch(c));
        PreferenceInputs = (Holds("dpo.json") ? Read("dpo.json") : [])
            .Where(c => c.TextOrNull("record") == "inputs")
            .ToDictionary(c => (int)c.Number("seed"));
    }

    public static GoldenFolder Current { get; } =
        new(Environment.GetEnvironmentVariable("UNIPO_GOLDEN") is { Length: > 0 } named ? named : Default);

    /// <summary>The repository's own folder, which holds every file.</summary>
    public static string Default => System.IO.Path.Combine(Repository.Root, "data", "golden");

    public bool IsDefault => System.IO.Path.GetFullPath(Path) == System.IO.Path.GetFullPath(Default);

    public string Path { get; }

    public IReadOnlyDictionary<string, GoldenBatch> Batches { get; }

    public IReadOnlyDictionary<int, GoldenCase> PreferenceInputs { get; }

    public GoldenBatch BatchOf(GoldenCase c) =>
        Batches.TryGetValue(c.Text("batch"), out var batch)
            ? batch
            : throw new NotCoveredException($"batches.json has no batch '{c.Text("batch")}'");

    public bool Holds(string file) => File.Exists(System.IO.Path.Combine(Path, file));

    /// <summary>Every file with cases, the inputs left out.</summary>
    public IEnumerable<string> Files =>
        Directory
            .GetFiles(Path, "*.json")
            .Select(p => System.IO.Path.GetFileName(p))
            .Where(n => n != "batches.json")
            .Order(StringComparer.Ordinal);

    public IReadOnlyList<GoldenCase> Read(string file) => Read(Path, file);

    private static IReadOnlyList<GoldenCase> Read(string folder, string file) =>
        Parse(file, File.ReadAllText(System.IO.Path.Combine(folder, file)));

    /// <summary>The cases of a file; settings of its header hold for each case that does not say otherwise.</summary>
    public static IReadOnlyList<GoldenCase> Parse(string file, string text)
    {
        var root = JsonNode.Parse(text)!.AsObject();
        var common = root["header"]?["config"] as JsonObject;
        var cases = root["cases"]!.AsArray();
        foreach (var c in cases.OfType<JsonObject>().Where(_ => common is not null))
        {
            var config = (JsonObject)common!.DeepClone();
            foreach (var (name, value) in c["config"] as JsonObject ?? [])
                config[name] = value?.DeepClone();
            c["config"] = config;
        }
        return [.. cases.Select((c, i) => new GoldenCase(file, i, c.Deserialize<JsonElement>()))];
    }
}

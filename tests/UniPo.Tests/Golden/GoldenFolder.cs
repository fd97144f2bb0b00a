using System.Text.Json;

namespace UniPo.Tests.Golden;

/// <summary>The folder of golden vectors: the one named by UNIPO_GOLDEN, or the repository's own.</summary>
internal sealed class GoldenFolder
{
    private GoldenFolder(string path)
    {
        Path = path;
        Batches = Read("batches.json").ToDictionary(c => c.Text("name"), c => new GoldenBatch(c));
        PreferenceInputs = Read("dpo.json")
            .Where(c => c.TextOrNull("record") == "inputs")
            .ToDictionary(c => (int)c.Number("seed"));
    }

    public static GoldenFolder Current { get; } =
        new(
            Environment.GetEnvironmentVariable("UNIPO_GOLDEN") is { Length: > 0 } named
                ? named
                : System.IO.Path.Combine(Repository.Root, "data", "golden")
        );

    public string Path { get; }

    public IReadOnlyDictionary<string, GoldenBatch> Batches { get; }

    public IReadOnlyDictionary<int, GoldenCase> PreferenceInputs { get; }

    public GoldenBatch BatchOf(GoldenCase c) => Batches[c.Text("batch")];

    /// <summary>Every file with cases, the inputs left out.</summary>
    public IEnumerable<string> Files =>
        Directory
            .GetFiles(Path, "*.json")
            .Select(p => System.IO.Path.GetFileName(p))
            .Where(n => n != "batches.json")
            .Order(StringComparer.Ordinal);

    public IReadOnlyList<GoldenCase> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(Path, file)));
        return
        [
            .. document.RootElement.GetProperty("cases").EnumerateArray().Select((c, i) => new GoldenCase(file, i, c.Clone())),
        ];
    }
}

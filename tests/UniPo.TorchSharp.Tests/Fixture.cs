using System.Reflection;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.TorchSharp.Tests;

/// <summary>The tiny checkpoints of data/hf, with the values that the original modeling files compute from them.</summary>
internal sealed class Fixture
{
    private readonly JsonElement _expected;

    public Fixture(string name)
    {
        Folder = Path.Combine(Root, name);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json")));
        _expected = json.RootElement.Clone();
    }

    public static string Root { get; } =
        Path.Combine(
            typeof(Fixture)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(a => a.Key == "RepositoryRoot")
                .Value!,
            "data",
            "hf"
        );

    public static TheoryData<string> Names =>
        new(
            "llama-mha-f32",
            "llama-bias-linear-f16",
            "llama-headdim24-mqa",
            "llama3-gqa-tied-bf16-2shards",
            "qwen2-gqa-tied-bf16",
            "qwen2-untied-f32-3shards"
        );

    public string Folder { get; }

    /// <summary>[B, T] token ids.</summary>
    public Tensor Tokens()
    {
        long[][] rows =
        [
            .. _expected
                .GetProperty("tokens")
                .EnumerateArray()
                .Select(r => r.EnumerateArray().Select(n => n.GetInt64()).ToArray()),
        ];
        return tensor([.. rows.SelectMany(r => r)], [rows.Length, rows[0].Length]);
    }

    /// <summary>[B, T, V] what the logits must be.</summary>
    public Tensor Logits(Tensor tokens) =>
        tensor([.. _expected.GetProperty("logits").EnumerateArray().Select(n => n.GetSingle())])
            .view(tokens.size(0), tokens.size(1), -1);

    /// <summary>Texts and their token ids.</summary>
    public IEnumerable<(string Text, int[] Ids)> Texts() =>
        _expected
            .GetProperty("texts")
            .EnumerateArray()
            .Select(t =>
                (t.GetProperty("text").GetString()!, t.GetProperty("ids").EnumerateArray().Select(n => n.GetInt32()).ToArray())
            );

    /// <summary>A copy of the folder, to spoil.</summary>
    public string Copy()
    {
        var copy = Directory.CreateTempSubdirectory("unipo-hf-").FullName;
        foreach (var file in Directory.GetFiles(Folder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            File.SetAttributes(Path.Combine(copy, Path.GetFileName(file)), FileAttributes.Normal);
        }
        return copy;
    }

    public static float Largest(Tensor difference) => difference.abs().max().to(float32).item<float>();
}

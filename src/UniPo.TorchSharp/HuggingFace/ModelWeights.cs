using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Fills a model from the .safetensors files of a folder.</summary>
internal static class ModelWeights
{
    /// <summary>Every tensor of the model, from one file or several shards, in single precision.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, unknown, of another shape, or not finite; the message names
    /// it.</exception>
    public static void Load(Llama model, string folder)
    {
        var missing = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter, StringComparer.Ordinal);
        foreach (var path in ModelFolder.WeightFiles(folder))
        {
            using var shard = new SafetensorsShard(path);
            foreach (var name in shard.Names.Where(n => !IsRedundant(n, model.Config)))
                Fill(
                    missing.Remove(name, out var parameter)
                        ? parameter
                        : throw new InvalidDataException(
                            $"{path} holds the tensor '{name}', for which a model of this configuration has no place."
                        ),
                    shard,
                    name,
                    path
                );
        }
        if (missing.Count > 0)
            throw new InvalidDataException(
                $"{folder} lacks {missing.Count} of the model's tensors, among them '{missing.Keys.First()}'."
            );
    }

    /// <summary>Stored by some tools though it follows from the rest: a tied output layer, rotary frequencies.</summary>
    private static bool IsRedundant(string name, LlamaConfig config) =>
        (name == "lm_head.weight" && config.TieEmbeddings) || name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    /// <summary>Reads one tensor into its place.</summary>
    public static void Fill(Tensor parameter, SafetensorsShard shard, string name, string path)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var stored = shard.Read(name);
        if (!stored.shape.SequenceEqual(parameter.shape))
            throw new InvalidDataException(
                $"{path}: tensor '{name}' has the shape {Shape.Of(stored.shape)}, but {Shape.Of(parameter.shape)} is needed."
            );
        if (!stored.isfinite().all().item<bool>())
            throw new InvalidDataException($"{path}: tensor '{name}' holds numbers that are NaN or infinite.");
        parameter.copy_(stored); // converts
    }
}

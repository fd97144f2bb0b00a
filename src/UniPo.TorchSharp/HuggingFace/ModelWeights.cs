using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Fills a model's tensors from .safetensors files, straight into libtorch's memory.</summary>
internal static class ModelWeights
{
    /// <summary>Every tensor of the model, from one file or several shards, in single precision.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, unknown, of another shape, or not finite; the message names
    /// it.</exception>
    public static void Load(Llama model, string folder)
    {
        using var reader = SafetensorsReader.Open(folder);
        Load(
            reader,
            model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter, StringComparer.Ordinal),
            name => IsRedundant(name, model.Config)
        );
    }

    /// <summary>Fills given tensors; the file must hold all of them and no others.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="places">What is filled, by the name it has in the file.</param>
    /// <param name="isRedundant">True for a tensor of the file that is passed over.</param>
    /// <exception cref="InvalidDataException">As above.</exception>
    public static void Load(SafetensorsReader reader, IReadOnlyDictionary<string, Tensor> places, Func<string, bool> isRedundant)
    {
        if (places.Keys.FirstOrDefault(n => !reader.Contains(n)) is { } missing)
            throw new InvalidDataException(
                $"{reader.Origin} lacks {places.Keys.Count(n => !reader.Contains(n))} of the model's tensors, among them '{missing}'."
            );
        foreach (var name in reader.Names.Where(n => !isRedundant(n)))
            Fill(
                places.TryGetValue(name, out var place)
                    ? place
                    : throw new InvalidDataException(
                        $"{reader.Origin} holds the tensor '{name}', for which a model of this configuration has no place."
                    ),
                reader,
                name
            );
    }

    /// <summary>Stored by some tools though it follows from the rest: a tied output layer, rotary frequencies.</summary>
    private static bool IsRedundant(string name, LlamaConfig config) =>
        (name == "lm_head.weight" && config.TieEmbeddings) || name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    private static void Fill(Tensor place, SafetensorsReader reader, string name)
    {
        if (!reader.ShapeOf(name).Select(d => (long)d).SequenceEqual(place.shape))
            throw new InvalidDataException(
                $"{reader.Origin}: tensor '{name}' has the shape {Shape.Of(reader.ShapeOf(name))}, but {Shape.Of(place.shape)} is needed."
            );
        using var scope = NewDisposeScope();
        using var none = no_grad();
        reader.Read(name, MemoryMarshal.Cast<byte, float>(place.bytes));
        if (!place.isfinite().all().item<bool>())
            throw new InvalidDataException($"{reader.Origin}: tensor '{name}' holds numbers that are NaN or infinite.");
    }
}

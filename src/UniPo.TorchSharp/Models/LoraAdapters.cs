using TorchSharp;
using UniPo.Numerics;

namespace UniPo.Torch;

/// <summary>Puts adapters into a model.</summary>
internal static class LoraAdapters
{
    /// <summary>True for the name of an adapter's tensor.</summary>
    public static bool IsAdapter(string name) =>
        name.Contains(".lora_A.", StringComparison.Ordinal) || name.Contains(".lora_B.", StringComparison.Ordinal);

    /// <summary>The layers that options name.</summary>
    /// <exception cref="ArgumentException">A name fits no layer.</exception>
    public static IReadOnlyList<Projection> Targets(Llama model, LoraOptions options)
    {
        var layers = model.named_modules().Where(m => m.module is Projection).ToList();
        static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];
        string[] known = [.. layers.Select(l => Last(l.name)).Distinct()];
        if (options.Layers.Count == 0 || options.Layers.Except(known).Any())
            throw new ArgumentException(
                $"Adapters belong to layers called {string.Join(", ", known)}, but the options name {(options.Layers.Count == 0 ? "none" : string.Join(", ", options.Layers.Except(known)))}."
            );
        return [.. layers.Where(l => options.Layers.Contains(Last(l.name))).Select(l => (Projection)l.module)];
    }

    /// <summary>Adds one to each layer. A is uniform in ±1/√inputs and B zero, as PEFT begins.</summary>
    public static void Add(IReadOnlyList<Projection> layers, LoraOptions options)
    {
        var random = new SeededRandom(options.Seed);
        foreach (var layer in layers)
        {
            layer.AddAdapter(options.Rank, options.Alpha / options.Rank);
            foreach (var (name, parameter) in layer.named_parameters())
                if (name.StartsWith("lora_A", StringComparison.Ordinal))
                    Weights.Fill(parameter, () => ((2 * random.NextDouble()) - 1) / Math.Sqrt(layer.Inputs));
                else if (name.StartsWith("lora_B", StringComparison.Ordinal))
                    Weights.Fill(parameter, () => 0);
        }
    }
}

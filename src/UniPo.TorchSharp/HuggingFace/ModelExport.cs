using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Writes a model's weights in the Hugging Face layout.</summary>
internal static class ModelExport
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>One file, or shards with an index where one would be too large.</summary>
    /// <param name="model">The model; adapters are added to the weights they stand beside.</param>
    /// <param name="folder">Where.</param>
    /// <param name="type">Type of the stored weights.</param>
    /// <param name="largest">Most bytes of a file.</param>
    public static void Write(Llama model, string folder, ScalarType type, long largest)
    {
        var tensors = Tensors(model).ToList();
        var shards = Cut(tensors, type, largest);
        string NameOf(int shard) =>
            shards.Count == 1
                ? ModelFolder.Weights
                : FormattableString.Invariant($"model-{shard + 1:00000}-of-{shards.Count:00000}.safetensors");
        for (var s = 0; s < shards.Count; s++)
            SafetensorsWriter.Write(Path.Combine(folder, NameOf(s)), shards[s], type);
        var index = Path.Combine(folder, ModelFolder.Index);
        if (shards.Count == 1)
        {
            File.Delete(index); // of an earlier, larger model
            return;
        }
        var map = new JsonObject();
        for (var s = 0; s < shards.Count; s++)
            foreach (var (name, _, _) in shards[s])
                map[name] = NameOf(s);
        var total = tensors.Sum(t => SafetensorsWriter.Bytes(t.Shape, type));
        WriteJson(
            index,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["total_size"] = total },
                ["weight_map"] = map,
            }
        );
    }

    /// <summary>Writes a JSON file, atomically.</summary>
    public static void WriteJson(string path, JsonObject json)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, json.ToJsonString(_indented));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The model's own tensors, each made when it is written.</summary>
    private static IEnumerable<(string Name, long[] Shape, Func<Tensor> Make)> Tensors(Llama model)
    {
        var projections = model
            .named_modules()
            .Where(m => m.module is Projection)
            .ToDictionary(m => m.name + ".weight", m => (Projection)m.module, StringComparer.Ordinal);
        foreach (var (name, parameter) in model.named_parameters())
            if (!LoraAdapters.IsAdapter(name))
                yield return (
                    name,
                    parameter.shape,
                    projections.TryGetValue(name, out var projection) ? projection.Merged : () => parameter.alias()
                );
    }

    private static List<List<(string Name, long[] Shape, Func<Tensor> Make)>> Cut(
        List<(string Name, long[] Shape, Func<Tensor> Make)> tensors,
        ScalarType type,
        long largest
    )
    {
        var shards = new List<List<(string, long[], Func<Tensor>)>> { new() };
        var bytes = 0L;
        foreach (var tensor in tensors)
        {
            var own = SafetensorsWriter.Bytes(tensor.Shape, type);
            if (shards[^1].Count > 0 && bytes + own > largest)
            {
                shards.Add([]);
                bytes = 0;
            }
            shards[^1].Add(tensor);
            bytes += own;
        }
        return shards;
    }
}

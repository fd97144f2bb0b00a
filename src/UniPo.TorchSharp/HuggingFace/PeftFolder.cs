using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Adapters in the layout of PEFT: adapter_config.json and adapter_model.safetensors.</summary>
public static class PeftFolder
{
    private const string Config = "adapter_config.json";
    private const string Weights = "adapter_model.safetensors";
    private const string Prefix = "base_model.model.";

    /// <summary>Writes the adapters of a model.</summary>
    /// <param name="model">Has adapters.</param>
    /// <param name="folder">Where; made if it is missing.</param>
    /// <param name="baseModel">Folder or name of the model they belong to, for whoever loads them.</param>
    /// <exception cref="InvalidOperationException">The model has no adapters.</exception>
    public static void Save(Llama model, string folder, string baseModel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (model.Lora is not { } lora)
            throw new InvalidOperationException("The model has no adapters to save; AddLora gives it some.");
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(
            Path.Combine(folder, Weights),
            [
                .. model
                    .named_parameters()
                    .Where(p => LoraAdapters.IsAdapter(p.name))
                    .Select(p => (Prefix + p.name, p.parameter.shape, (Func<Tensor>)(() => p.parameter.alias()))),
            ],
            ScalarType.Float32
        );
        ModelExport.WriteJson(
            Path.Combine(folder, Config),
            new JsonObject
            {
                ["peft_type"] = "LORA",
                ["task_type"] = "CAUSAL_LM",
                ["base_model_name_or_path"] = baseModel,
                ["r"] = lora.Rank,
                ["lora_alpha"] = lora.Alpha,
                ["lora_dropout"] = 0.0,
                ["bias"] = "none",
                ["fan_in_fan_out"] = false,
                ["inference_mode"] = true,
                ["target_modules"] = new JsonArray([.. lora.Layers.Select(l => (JsonNode)l)]),
            }
        );
    }

    /// <summary>Gives a model the adapters of a folder.</summary>
    /// <param name="model">Has none yet; its other weights are frozen.</param>
    /// <param name="folder">Written by <see cref="Save"/> or by PEFT.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">The adapters are of another kind, or do not fit the model.</exception>
    public static void Load(Llama model, string folder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.Combine(folder, Weights);
        if (!File.Exists(path))
            throw new FileNotFoundException($"The folder {folder} has no {Weights}.", path);
        model.AddLora(Options(ModelFolder.Json(folder, Config), Path.Combine(folder, Config)));
        using var reader = SafetensorsReader.Open(path);
        ModelWeights.Load(
            reader,
            model
                .named_parameters()
                .Where(p => LoraAdapters.IsAdapter(p.name))
                .ToDictionary(p => Prefix + p.name, p => (Tensor)p.parameter, StringComparer.Ordinal),
            isRedundant: _ => false
        );
    }

    private static LoraOptions Options(JsonElement json, string path)
    {
        var kind = json.TryGetProperty("peft_type", out var type) ? type.GetString() : "(none)";
        if (kind != "LORA")
            throw new InvalidDataException($"{path} describes adapters of the type '{kind}'; supported is LORA.");
        foreach (var feature in new[] { "use_dora", "use_rslora", "fan_in_fan_out" })
            if (json.TryGetProperty(feature, out var on) && on.ValueKind == JsonValueKind.True)
                throw new InvalidDataException($"{path} asks for {feature}, which is not supported.");
        try
        {
            return new LoraOptions
            {
                Rank = json.GetProperty("r").GetInt32(),
                Alpha = json.GetProperty("lora_alpha").GetDouble(),
                Layers = [.. json.GetProperty("target_modules").EnumerateArray().Select(l => l.GetString()!)],
            };
        }
        catch (Exception fault)
            when (fault is KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new InvalidDataException(
                $"{path} needs the numbers 'r' and 'lora_alpha' and the list of names 'target_modules' ({fault.Message})",
                fault
            );
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;

namespace UniPo.Torch;

/// <summary>A model of a Hugging Face folder with its tokenizer: to train, and to save in the same layout.</summary>
public sealed class HuggingFaceModel
{
    private const long LargestFile = 5_000_000_000; // as transformers cuts its shards
    private readonly string _folder;

    internal HuggingFaceModel(string folder, Llama model, ByteLevelTokenizer tokenizer) =>
        (_folder, Model, Tokenizer) = (folder, model, tokenizer);

    /// <summary>The model.</summary>
    public Llama Model { get; }

    /// <summary>Its tokenizer.</summary>
    public ByteLevelTokenizer Tokenizer { get; }

    /// <summary>The model as a policy, called after its folder. It is the model itself that is trained, no copy.</summary>
    /// <param name="device">Where it computes; the processor if not given.</param>
    public TorchPolicy Policy(torch.Device? device = null) =>
        new(Model, Tokenizer, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_folder))), device);

    /// <summary>How a question is put to it; null for a base model, which goes on with any text.</summary>
    /// <exception cref="InvalidDataException">The folder's template is not one of those recognised.</exception>
    public ChatTemplate? ChatTemplate() => Torch.ChatTemplate.Load(_folder);

    /// <summary>Writes the model as a folder that Hugging Face's loader accepts: same names, same files beside the weights.</summary>
    /// <param name="folder">Where; made if it is missing.</param>
    /// <param name="model">The trained model; the one that was loaded if not given. Adapters are added to the weights.</param>
    /// <param name="type">Type of the stored weights. Float32 keeps all that was learned; BFloat16 halves the files, but drops
    /// changes smaller than one part in 256.</param>
    /// <exception cref="IOException">The folder is full or not writable.</exception>
    public void Save(string folder, Llama? model = null, torch.ScalarType type = torch.ScalarType.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        var config = JsonNode.Parse(File.ReadAllBytes(Path.Combine(_folder, ModelFolder.Config)))!.AsObject();
        config["torch_dtype"] = TypeName(type);
        ModelExport.Write(model ?? Model, folder, type, LargestFile);
        ModelExport.WriteJson(Path.Combine(folder, ModelFolder.Config), config);
        if (Path.GetFullPath(folder) == Path.GetFullPath(_folder))
            return;
        foreach (var file in ModelFolder.Companions.Where(f => File.Exists(Path.Combine(_folder, f))))
            File.Copy(Path.Combine(_folder, file), Path.Combine(folder, file), overwrite: true);
    }

    /// <summary>Writes the adapters alone, in the layout of PEFT.</summary>
    /// <param name="folder">Where; made if it is missing.</param>
    /// <param name="model">The trained model; the one that was loaded if not given.</param>
    /// <exception cref="InvalidOperationException">The model has no adapters.</exception>
    public void SaveAdapters(string folder, Llama? model = null) => PeftFolder.Save(model ?? Model, folder, _folder);

    private static string TypeName(torch.ScalarType type) =>
        SafetensorsWriter.NameOf(type) switch
        {
            "F32" => "float32",
            "F16" => "float16",
            _ => "bfloat16",
        };
}

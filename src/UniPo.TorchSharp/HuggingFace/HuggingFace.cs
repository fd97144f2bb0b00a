namespace UniPo.Torch;

/// <summary>Models in the Hugging Face layout.</summary>
public static class HuggingFace
{
    /// <summary>Reads a folder: configuration, weights (F32, F16 or BF16, in one file or in shards) and tokenizer.</summary>
    /// <param name="folder">Holds config.json, model.safetensors (or shards with an index) and tokenizer.json.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">Architecture, tensor, type or tokenizer is not supported, or tokenizer and model
    /// do not fit each other; the message names it and what is supported.</exception>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded; the message says what to install.</exception>
    public static HuggingFaceModel Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var model = LoadModel(folder);
        try
        {
            return new HuggingFaceModel(folder, model, ByteLevelTokenizer.Load(folder, model.Config.Vocabulary));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Configuration and weights alone, in single precision.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    /// <param name="folder">Holds config.json and model.safetensors (or shards with an index).</param>
    public static Llama LoadModel(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new FileNotFoundException($"There is no folder {folder}.", folder);
        var config = ConfigJson.Read(ModelFolder.Json(folder, ModelFolder.Config), Path.Combine(folder, ModelFolder.Config));
        var model = new Llama(config);
        try
        {
            ModelWeights.Load(model, folder);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}

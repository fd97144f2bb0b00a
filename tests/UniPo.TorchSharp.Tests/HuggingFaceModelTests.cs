using TorchSharp;
using UniPo.Torch;
using static TorchSharp.torch;

namespace UniPo.TorchSharp.Tests;

public class HuggingFaceModelTests
{
    private const float Tolerance = 1e-4f; // logits reach 8; the references were computed by another version of libtorch

    [TorchTheory]
    [MemberData(nameof(Fixture.Names), MemberType = typeof(Fixture))]
    public void Logits_are_those_of_the_original_modeling_files(string name)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fixture = new Fixture(name);
        using var model = HuggingFace.LoadModel(fixture.Folder);
        var tokens = fixture.Tokens();
        Assert.InRange(Fixture.Largest(model.forward(tokens) - fixture.Logits(tokens)), 0, Tolerance);
    }

    [TorchTheory]
    [MemberData(nameof(Fixture.Names), MemberType = typeof(Fixture))]
    public void Decoding_token_by_token_gives_the_same_logits(string name)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fixture = new Fixture(name);
        using var model = HuggingFace.LoadModel(fixture.Folder);
        var tokens = fixture.Tokens();
        var expected = fixture.Logits(tokens);
        using var state = model.NewState(tokens.size(0), (int)tokens.size(1));
        var largest = 0f;
        for (var t = 0; t < tokens.size(1); t++)
            largest = Math.Max(
                largest,
                Fixture.Largest(model.Logits(model.Hidden(tokens.narrow(1, t, 1), state)).squeeze(1) - expected.select(1, t))
            );
        Assert.InRange(largest, 0, Tolerance);
    }

    [TorchTheory]
    [MemberData(nameof(Fixture.Names), MemberType = typeof(Fixture))]
    public void Rows_that_begin_with_padding_give_the_same_logits(string name)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fixture = new Fixture(name);
        using var model = HuggingFace.LoadModel(fixture.Folder);
        var tokens = fixture.Tokens();
        var (rows, length) = (tokens.size(0), tokens.size(1));
        var expected = fixture.Logits(tokens);
        // Row r begins r places later, and then lacks its last r tokens.
        var moved = zeros_like(tokens);
        for (var r = 0; r < rows; r++)
            moved[r].narrow(0, r, length - r).copy_(tokens[r].narrow(0, 0, length - r));
        using var state = model.NewState(rows, (int)length);
        state.LeftPadding = arange(rows);
        var first = model.Logits(model.Hidden(moved.narrow(1, 0, length - 1), state));
        var last = model.Logits(model.Hidden(moved.narrow(1, length - 1, 1), state));
        var logits = cat([first, last], 1);
        for (var r = 0; r < rows; r++)
            Assert.InRange(
                Fixture.Largest(logits[r].narrow(0, r, length - r) - expected[r].narrow(0, 0, length - r)),
                0,
                Tolerance
            );
    }

    [TorchTheory]
    [InlineData(ScalarType.Float32, 0f)]
    [InlineData(ScalarType.BFloat16, 0f)] // the fixture is stored in bf16: nothing is rounded
    public void A_saved_folder_has_the_same_names_and_loads_to_the_same_logits(ScalarType type, float tolerance)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fixture = new Fixture("qwen2-gqa-tied-bf16");
        var loaded = HuggingFace.Load(fixture.Folder);
        var folder = Directory.CreateTempSubdirectory("unipo-hf-").FullName;
        loaded.Save(folder, type: type);

        var again = HuggingFace.Load(folder);
        var tokens = fixture.Tokens();
        Assert.InRange(Fixture.Largest(again.Model.forward(tokens) - loaded.Model.forward(tokens)), 0, tolerance);
        using (var before = SafetensorsReader.Open(Path.Combine(fixture.Folder, "model.safetensors")))
        using (var after = SafetensorsReader.Open(Path.Combine(folder, "model.safetensors")))
            Assert.Equal(before.Names.Order(), after.Names.Order());
        var config = File.ReadAllText(Path.Combine(folder, "config.json"));
        Assert.Contains($"\"torch_dtype\": \"{(type == ScalarType.Float32 ? "float32" : "bfloat16")}\"", config);
        Assert.Equal(
            File.ReadAllText(Path.Combine(fixture.Folder, "tokenizer.json")),
            File.ReadAllText(Path.Combine(folder, "tokenizer.json"))
        );
        Directory.Delete(folder, recursive: true);
    }

    [TorchFact]
    public void A_large_model_is_cut_into_shards_with_an_index_that_loads()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fixture = new Fixture("llama-mha-f32");
        using var model = HuggingFace.LoadModel(fixture.Folder);
        var folder = fixture.Copy();
        ModelExport.Write(model, folder, ScalarType.Float32, largest: 200_000);
        File.Delete(Path.Combine(folder, "model.safetensors"));

        Assert.True(Directory.GetFiles(folder, "model-*-of-*.safetensors").Length > 2);
        using var again = HuggingFace.LoadModel(folder);
        var tokens = fixture.Tokens();
        Assert.Equal(0, Fixture.Largest(again.forward(tokens) - model.forward(tokens)));
        Directory.Delete(folder, recursive: true);
    }
}

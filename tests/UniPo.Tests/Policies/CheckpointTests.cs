using System.Buffers.Binary;
using System.Text;

namespace UniPo.Tests.Policies;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unipo-checkpoints-").FullName;

    private string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(false, true)]
    public void A_saved_model_is_loaded_with_the_same_bits(bool tied, bool valueHead)
    {
        var policy = PolicyCases.Policy(
            PolicyCases.Awkward with
            {
                TieEmbeddings = tied,
                ValueHead = valueHead,
                NormEpsilon = 1.25e-6,
            }
        );
        policy.Save(PathOf("model.safetensors"));

        var loaded = TinyTransformer.Load(PathOf("model.safetensors"));

        Assert.Equal(policy.Config, loaded.Config);
        Assert.Equal(policy.Vocabulary.Symbols, loaded.Vocabulary.Symbols);
        Assert.Equal((policy.Vocabulary.End, policy.Vocabulary.Pad), (loaded.Vocabulary.End, loaded.Vocabulary.Pad));
        Assert.Equal(policy.Parameters.Values, loaded.Parameters.Values);
        Assert.Single(Directory.GetFiles(_folder)); // no temporary file stays behind
    }

    [Fact]
    public void The_file_is_as_the_format_prescribes()
    {
        var file = new SafetensorsFile { Metadata = { ["kind"] = "a test" } };
        file.Add("first", [2, 2], [1, 2, 3, 4]);
        file.Add("second", [1], [-0.5f]);
        file.Save(PathOf("tensors.safetensors"));

        var bytes = File.ReadAllBytes(PathOf("tensors.safetensors"));
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"__metadata__":{"kind":"a test"},"first":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"second":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd()
        );
        Assert.Equal(8 + length + 20, bytes.Length);
        Assert.Equal(-0.5f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + length + 16)));
    }

    [Fact]
    public void Saving_replaces_an_older_file_and_leaves_it_alone_when_it_cannot()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        policy.Save(PathOf("model.safetensors"));
        policy.Parameters.Values[0] = 5;
        policy.Save(PathOf("model.safetensors"));
        Assert.Equal(5, TinyTransformer.Load(PathOf("model.safetensors")).Parameters.Values[0]);

        Assert.ThrowsAny<IOException>(() => policy.Save(PathOf("missing/model.safetensors")));
    }

    [Fact]
    public void A_truncated_file_is_refused_at_every_length()
    {
        PolicyCases.Policy(PolicyCases.Awkward).Save(PathOf("whole.safetensors"));
        var bytes = File.ReadAllBytes(PathOf("whole.safetensors"));
        foreach (var length in new[] { 0, 1, 7, 8, 9, 100, 500, bytes.Length / 2, bytes.Length - 4, bytes.Length - 1 })
        {
            File.WriteAllBytes(PathOf("cut.safetensors"), bytes[..length]);
            var fault = Assert.Throws<InvalidDataException>(() => TinyTransformer.Load(PathOf("cut.safetensors")));
            Assert.Contains("cut.safetensors", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_with_any_byte_of_its_header_changed_is_loaded_or_refused_with_its_name()
    {
        PolicyCases.Policy(PolicyCases.Awkward with { Layers = 1 }).Save(PathOf("whole.safetensors"));
        var bytes = File.ReadAllBytes(PathOf("whole.safetensors"));
        var header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        for (var i = 0; i < header; i += 3)
        {
            var kept = bytes[i];
            bytes[i] = (byte)(kept ^ (1 << (i % 7)));
            try
            {
                TinyTransformer.FromFile(SafetensorsFile.Parse(bytes, "changed.safetensors"));
            }
            catch (InvalidDataException fault)
            {
                Assert.Contains("changed.safetensors", fault.Message, StringComparison.Ordinal);
            }
            bytes[i] = kept;
        }
    }

    public static TheoryData<string, string, string> Faults =>
        new()
        {
            { "not JSON", "{oops", "its header is not JSON" },
            { "an array", "[1]", "JSON Array, not an object" },
            {
                "whole numbers",
                """{"x":{"dtype":"I16","shape":[1],"data_offsets":[0,2]}}""",
                "tensor 'x' has the type I16; only F32, F16 and BF16 are read"
            },
            {
                "beyond the end",
                """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
                "tensor 'x' lies at bytes 0 to 8, but the file holds 4 bytes"
            },
            {
                "wrong size",
                """{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}""",
                "tensor 'x' of shape [3] and type F32 does not fit the 4 bytes"
            },
            {
                "huge shape",
                """{"x":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""",
                "does not fit the 4 bytes"
            },
            {
                "negative",
                """{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""",
                "tensor 'x' needs a dtype, a shape and two data_offsets"
            },
            { "backwards", """{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "tensor 'x' lies at bytes 4 to 0" },
            { "no entry", """{"x":3}""", "tensor 'x' needs a dtype" },
            {
                "twice",
                """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
                "tensor 'x' is listed twice"
            },
            { "metadata", """{"__metadata__":{"a":1}}""", "'__metadata__' must map names to text" },
        };

    [Theory, MemberData(nameof(Faults))]
    public void A_corrupt_header_is_refused_and_named(string what, string header, string message)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)Encoding.UTF8.GetByteCount(header));
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        var fault = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(bytes, $"{what}.safetensors"));
        Assert.StartsWith($"{what}.safetensors", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_model_and_wrong_shapes_are_refused_and_named()
    {
        var foreign = new SafetensorsFile();
        foreign.Add("model.embed_tokens.weight", [1], [1]);
        Assert.Contains(
            "format '(none)'",
            Assert.Throws<InvalidDataException>(() => TinyTransformer.FromFile(foreign)).Message,
            StringComparison.Ordinal
        );

        string Refused(Action<SafetensorsFile> spoil, string? without = null, int[]? shape = null)
        {
            var (whole, spoiled) = (new SafetensorsFile(), new SafetensorsFile());
            PolicyCases.Policy(PolicyCases.Awkward).AddTo(whole);
            foreach (var (key, value) in whole.Metadata)
                spoiled.Metadata[key] = value;
            foreach (var name in whole.Names)
                if (name != without)
                    spoiled.Add(name, whole.ShapeOf(name), whole[name]);
                else if (shape is not null)
                    spoiled.Add(name, shape, new float[shape.Aggregate(1, (a, b) => a * b)]);
            spoil(spoiled);
            return Assert.Throws<InvalidDataException>(() => TinyTransformer.FromFile(spoiled)).Message;
        }
        Assert.Contains(
            "no tensor 'model.layers.1.mlp.down_proj.weight'",
            Refused(_ => { }, "model.layers.1.mlp.down_proj.weight"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "tensor 'model.norm.weight' has the shape [13], but [12] is needed",
            Refused(_ => { }, "model.norm.weight", [13]),
            StringComparison.Ordinal
        );
        Assert.Contains("Heads must be at least 1, but was 0", Refused(f => f.Metadata["heads"] = "0"), StringComparison.Ordinal);
        Assert.Contains("multiple of 2 · Heads", Refused(f => f.Metadata["heads"] = "5"), StringComparison.Ordinal);
        Assert.Contains("'rope_theta' is missing", Refused(f => f.Metadata.Remove("rope_theta")), StringComparison.Ordinal);
        Assert.Contains(
            "vocabulary has 2 symbols",
            Refused(f => f.Metadata["vocabulary"] = """["$","_"]"""),
            StringComparison.Ordinal
        );
        Assert.Contains("2000000000 layers", Refused(f => f.Metadata["layers"] = "2000000000"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_is_not_a_number_is_refused_and_named()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        policy.Parameters[policy.Parameters.Find("model.norm.weight")][3] = float.NaN;
        policy.Save(PathOf("nan.safetensors"));
        Assert.Contains(
            "nan.safetensors: element 3 of tensor 'model.norm.weight' is NaN",
            Assert.Throws<InvalidDataException>(() => TinyTransformer.Load(PathOf("nan.safetensors"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_unknown_name_lists_the_shipped_models()
    {
        var fault = Assert.Throws<FileNotFoundException>(() => TinyTransformer.Load("no-such-model"));
        Assert.Contains("no-such-model", fault.Message, StringComparison.Ordinal);
        foreach (var name in TinyTransformer.Shipped)
            Assert.Contains(name, fault.Message, StringComparison.Ordinal);
    }
}

using System.Buffers.Binary;
using System.Text;
using UniPo.Numerics;

namespace UniPo.Tests.Policies;

public sealed class SafetensorsTests
{
    [Fact]
    public void Half_precision_numbers_become_floats()
    {
        using var folder = new TemporaryFolder();
        byte[] numbers = [0x00, 0x3C, 0x00, 0xC0, 0x80, 0x3F, 0x20, 0xC1]; // F16: 1, −2; BF16: 1, −10
        Write(
            folder["half.safetensors"],
            """{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[2,1],"data_offsets":[4,8]}}""",
            numbers
        );
        using var reader = SafetensorsReader.Open(folder["half.safetensors"]);
        Assert.Equal([1f, -2f], reader.Read("a"));
        Assert.Equal([1f, -10f], reader.Read("b"));
        Assert.Equal("BF16", reader.TypeOf("b"));
        Assert.Equal([2, 1], reader.ShapeOf("b"));
        Assert.Equal([1f, -10f], SafetensorsFile.Load(folder["half.safetensors"])["b"].ToArray());
    }

    [Fact]
    public void Several_files_are_read_as_one_by_their_index()
    {
        using var folder = new TemporaryFolder();
        foreach (var (file, name, value) in new[] { ("one", "a", 1f), ("two", "b", 2f) })
        {
            var shard = new SafetensorsFile();
            shard.Add(name, [1], [value]);
            shard.Save(folder[$"{file}.safetensors"]);
        }
        var index = folder["model.safetensors.index.json"];
        File.WriteAllText(index, """{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}""");
        using (var reader = SafetensorsReader.Open(Path.GetDirectoryName(index)!))
        {
            Assert.Equal(["a", "b"], reader.Names);
            Assert.Equal([2f], reader.Read("b"));
        }

        Refuse("""{"weight_map":{"a":"two.safetensors"}}""", "'two.safetensors' holds the tensor 'a', but it does not");
        Refuse("""{"weight_map":{"a":"../one.safetensors"}}""", "must lie beside its index");
        Refuse("""{"weights":{}}""", "needs a 'weight_map'");
        Refuse("nothing", "not JSON");
        File.WriteAllText(index, """{"weight_map":{"a":"three.safetensors"}}""");
        Assert.Throws<FileNotFoundException>(() => SafetensorsReader.Open(index));

        void Refuse(string text, string message)
        {
            File.WriteAllText(index, text);
            var fault = Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(index));
            Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Many_tensors_over_the_same_bytes_are_refused_before_memory_is_reserved()
    {
        const int count = 600,
            floats = 250_000; // 600 MB of floats out of 1 MB of file
        var header = string.Join(
            ",",
            Enumerable
                .Range(0, count)
                .Select(i =>
                    $$"""
                        "t{{i}}":{"dtype":"F32","shape":[{{floats}}],"data_offsets":[0,{{4 * floats}}]}
                        """
                )
        );
        var bytes = Bytes("{" + header + "}", new byte[4 * floats]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(bytes, "bomb"));
        Assert.Contains("lie over the same bytes", fault.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Theory]
    [InlineData("heads", "2147483647", "multiple of 2 · Heads"), InlineData("context_length", "2147483647", "context length")]
    [InlineData("vocabulary", "[\"a\",3]", "list of texts"), InlineData("norm_epsilon", "NaN", "NormEpsilon")]
    public void Settings_that_no_model_can_have_are_refused(string key, string value, string message)
    {
        var file = new SafetensorsFile();
        PolicyCases.Policy(PolicyCases.Awkward).AddTo(file);
        file.Metadata[key] = value;
        Assert.Contains(
            message,
            Assert.Throws<InvalidDataException>(() => TinyTransformer.FromFile(file)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Text_that_is_not_utf8_and_a_pointer_in_place_of_the_file_are_named()
    {
        var bytes = Bytes("""{"__metadata__":{"a":"?"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]);
        bytes[bytes.AsSpan().IndexOf((byte)'?')] = 0xFF;
        Assert.Contains(
            "UTF-8",
            Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(bytes, "bad")).Message,
            StringComparison.Ordinal
        );
        var pointer = Encoding.UTF8.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n");
        Assert.Contains(
            "Git LFS pointer",
            Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(pointer, "pointer")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Two_thousand_damaged_checkpoints_are_read_or_refused_with_a_sentence()
    {
        var task = new LetterTask();
        var options = new TrainerOptions
        {
            Prompts = 2,
            Group = 2,
            Seed = 5,
        };
        var policy = TinyTransformer.Create(
            new TinyTransformerConfig
            {
                Layers = 1,
                Width = 8,
                Heads = 2,
                Hidden = 4,
                ContextLength = 8,
            },
            task.Vocabulary,
            seed: 1
        );
        using var trainer = new Trainer(policy.Clone(), task, Algorithms.Grpo, options);
        _ = trainer.Steps(2).Count();
        using var stream = new MemoryStream();
        trainer.Checkpoint().Write(stream);
        var whole = stream.ToArray();
        using var other = new Trainer(policy, task, Algorithms.Grpo, options);
        var random = new SeededRandom(11);
        var (refused, most) = (0, 0L);
        for (var i = 0; i < 2000; i++)
        {
            var damaged = Damage(whole, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var file = SafetensorsFile.Parse(damaged, "damaged");
                other.Restore(file);
                TinyTransformer.FromFile(file);
            }
            catch (InvalidDataException fault)
            {
                Assert.Contains("damaged", fault.Message, StringComparison.Ordinal);
                Assert.True(fault.Message.Length is >= 20 and <= 2000, fault.Message[..Math.Min(400, fault.Message.Length)]);
                refused++;
            }
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.InRange(refused, 1000, 2000);
        Assert.InRange(most, 0, 100_000_000);
    }

    [Fact]
    public void One_sign_bit_of_a_moment_is_refused_and_nothing_is_changed()
    {
        var task = new LetterTask();
        var options = new TrainerOptions
        {
            Prompts = 2,
            Group = 4,
            Seed = 5,
        };
        using var trainer = new Trainer(new BigramPolicy(task.Vocabulary, 1), task, Algorithms.Grpo, options);
        _ = trainer.Steps(2).Count();
        var file = trainer.Checkpoint();
        var spoiled = new SafetensorsFile();
        foreach (var (key, value) in file.Metadata)
            spoiled.Metadata[key] = value;
        foreach (var name in file.Names)
        {
            var values = file[name].ToArray();
            if (name == "optimizer.square")
                values[0] = -1e-9f;
            spoiled.Add(name, file.ShapeOf(name), values);
        }
        using var fresh = new Trainer(new BigramPolicy(task.Vocabulary, 1), task, Algorithms.Grpo, options);
        var weights = fresh.Policy.Parameters.Values.ToArray();
        Assert.Contains(
            "Second moments must be finite and at least 0",
            Assert.Throws<InvalidDataException>(() => fresh.Restore(spoiled)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(weights, fresh.Policy.Parameters.Values);
    }

    /// <summary>Bits flipped, bytes replaced, pieces cut out or doubled, mostly in the header.</summary>
    private static byte[] Damage(byte[] whole, SeededRandom random)
    {
        var header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(whole);
        List<byte> bytes = [.. whole];
        for (var changes = 1 + random.NextInt(3); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.NextInt(Math.Min(random.NextInt(4) == 0 ? bytes.Count : header, bytes.Count));
            var length = Math.Min(1 + random.NextInt(12), bytes.Count - at);
            switch (random.NextInt(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.NextInt(256);
                    break;
                case 2:
                    bytes[at] = (byte)('0' + random.NextInt(10));
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.RemoveRange(at, random.NextInt(2) == 0 ? bytes.Count - at : length);
                    break;
            }
        }
        return [.. bytes];
    }

    private static void Write(string path, string header, byte[] numbers) => File.WriteAllBytes(path, Bytes(header, numbers));

    private static byte[] Bytes(string header, byte[] numbers)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + numbers.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)text.Length);
        text.CopyTo(bytes, 8);
        numbers.CopyTo(bytes, 8 + text.Length);
        return bytes;
    }
}

using UniPo.Numerics;

namespace UniPo.Tests;

/// <summary>Two thousand damaged logs: each is read, or refused with a sentence.</summary>
public sealed class MutatedLogTests : IDisposable
{
    private const int Mutations = 2_000,
        LongestMessage = 600;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_thousand_mutated_logs_are_read_or_refused_with_a_sentence()
    {
        var original = Original();
        var random = new SeededRandom(2026);
        var (read, refused) = (0, 0);
        for (var i = 0; i < Mutations; i++)
        {
            File.WriteAllBytes(_folder["mutated.jsonl"], Mutate(original, random));
            try
            {
                RequireSound(RunLog.Read(_folder["mutated.jsonl"]));
                read++;
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("mutated.jsonl", e.Message, StringComparison.Ordinal);
                Assert.InRange(e.Message.Length, 40, LongestMessage);
                refused++;
            }
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused: the mutations do not try enough");
    }

    private byte[] Original()
    {
        var task = new LetterTask();
        new Trainer(
            new BigramPolicy(task.Vocabulary, 3),
            task,
            Algorithms.Grpo,
            new TrainerOptions
            {
                Prompts = 2,
                Group = 2,
                Passes = 2,
                LearningRate = 0.05,
            }
        ).Record(4, _folder["run.jsonl"], promptsPerStep: 1);
        return File.ReadAllBytes(_folder["run.jsonl"]);
    }

    /// <summary>What is read can be drawn: no step twice, no curve with a number that is infinite.</summary>
    private static void RequireSound(TrainingRun run)
    {
        Assert.Equal(run.Steps.Count, run.Steps.Select(s => s.Step).Distinct().Count());
        Assert.All(run.Steps.SelectMany(s => s.Metrics.Values), value => Assert.True(double.IsFinite(value)));
        Assert.All(run.Steps, s => Assert.True(s.Duration >= TimeSpan.Zero && s.Step >= 0));
        Assert.All(run.Steps.Select(s => s.Report).OfType<TokenReport>(), r => Assert.NotNull(r.Explain(0, 0).ToString()));
    }

    private static byte[] Mutate(byte[] original, SeededRandom random)
    {
        var bytes = original.ToList();
        for (var left = 1 + random.NextInt(3); left > 0; left--)
        {
            var at = random.NextInt(bytes.Count);
            var length = Math.Min(random.NextInt(200), bytes.Count - at);
            switch (random.NextInt(8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.NextInt(bytes.Count - length), length));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, Snippets[random.NextInt(Snippets.Length)]);
                    break;
                case 5:
                    ReplaceNumber(bytes, at, random);
                    break;
                case 6:
                    var lines = string.Concat(bytes.Select(b => (char)b)).Split('\n');
                    random.Shuffle(lines.AsSpan(1));
                    bytes = [.. string.Join('\n', lines).Select(c => (byte)c)];
                    break;
                default:
                    bytes[at] = (byte)random.NextInt(256);
                    break;
            }
            if (bytes.Count == 0)
                bytes.Add((byte)'{');
        }
        return [.. bytes];
    }

    private static readonly byte[][] Snippets =
    [
        .. new[]
        {
            "\n",
            "\n\n",
            "null",
            "1e999",
            "-1e308",
            "NaN",
            "\"\\ud800\"",
            "[",
            "{}",
            "]",
            "\0\0",
            "true",
            ",",
            "\"\"",
        }.Select(s => System.Text.Encoding.UTF8.GetBytes(s)),
        [0xff, 0xfe],
        [0xed, 0xa0, 0x80], // half a character, as bytes
    ];

    private static void ReplaceNumber(List<byte> bytes, int at, SeededRandom random)
    {
        var start = bytes.FindIndex(at, b => b == (byte)':' || b == (byte)',');
        if (start < 0)
            return;
        var end = bytes.FindIndex(start + 1, b => b is (byte)',' or (byte)'}' or (byte)']');
        if (end < 0)
            return;
        bytes.RemoveRange(start + 1, end - start - 1);
        bytes.InsertRange(start + 1, Snippets[random.NextInt(Snippets.Length)]);
    }
}

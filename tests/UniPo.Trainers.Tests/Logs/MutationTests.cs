using UniPo.Numerics;

namespace UniPo.Tests.Logs;

/// <summary>Files that were damaged in every way: read, or refused with a reason; never another exception.</summary>
public sealed class MutationTests : IDisposable
{
    // 2,000 over all kinds; UNIPO_MUTATIONS asks for more of each.
    private static readonly int _each = int.TryParse(Environment.GetEnvironmentVariable("UNIPO_MUTATIONS"), out var asked)
        ? asked
        : 2000 / Samples.All.Count + 1;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. Samples.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_read_or_refused_with_a_reason(string name)
    {
        var content = Samples.Named(name).Content();
        for (var seed = 1; seed <= _each; seed++)
        {
            File.WriteAllBytes(_folder["file"], Mutated(content, (ulong)seed));
            try
            {
                var log = TrainerLog.Read(_folder["file"]);
                Assert.NotEmpty(log.Recognised);
                Assert.NotEmpty(UniPo.Diagnosis.Of(log).ToString());
                Assert.NotEmpty(log.WhatIf(Algorithms.Grpo).ToString());
            }
            catch (Exception refused) when (refused is InvalidDataException or IOException)
            {
                Assert.NotEmpty(refused.Message);
            }
            catch (Exception fault)
            {
                Assert.Fail($"{name}, mutation {seed}: {fault}");
            }
        }
    }

    private static byte[] Mutated(byte[] content, ulong seed)
    {
        var random = new SeededRandom(seed);
        List<byte> bytes = [.. content];
        for (var changes = 1 + (int)(random.NextDouble() * 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = (int)(random.NextDouble() * bytes.Count);
            switch ((int)(random.NextDouble() * 7))
            {
                case 0:
                    bytes[at] = (byte)(random.NextDouble() * 256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + (int)(random.NextDouble() * 40)));
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 60)));
                    break;
                case 4:
                    bytes.InsertRange(at, Words[(int)(random.NextDouble() * Words.Length)]);
                    break;
                case 5:
                    bytes[at] ^= (byte)(1 << (int)(random.NextDouble() * 8));
                    break;
                default:
                    bytes.Insert(at, (byte)"{}[]\",:\n\\'-e9"[(int)(random.NextDouble() * 13)]);
                    break;
            }
        }
        return [.. bytes];
    }

    private static byte[][] Words { get; } =
    [
        "NaN"u8.ToArray(),
        "null"u8.ToArray(),
        "1e999"u8.ToArray(),
        "-1"u8.ToArray(),
        "\\ud83d"u8.ToArray(),
        "99999999999999999999"u8.ToArray(),
        "[[[["u8.ToArray(),
        "\"\""u8.ToArray(),
        [0xFF, 0xFE, 0],
    ];
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UniPo.Benchmarks;

/// <summary>
/// The PyTorch twin as a process that is asked to compute and to time itself. While we compute it is stopped, so that its threads
/// cannot spin beside ours.
/// </summary>
internal sealed partial class Twin : IDisposable
{
    private const int Stop = 19,
        Continue = 18;
    private readonly Process _process;

    /// <summary>Starts a variant.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="variant">Options of the script, and settings of its environment as NAME=value.</param>
    public Twin(string python, BenchmarkConfig config, int threads, string variant)
    {
        Variant = variant;
        var model = config.Model;
        var shape = string.Join(
            ',',
            model.Layers,
            model.Width,
            model.Heads,
            model.Hidden,
            config.Vocabulary.Count,
            config.Prompts,
            config.Group,
            config.PromptTokens,
            config.ResponseTokens
        );
        var words = variant.Split(' ');
        var start = new ProcessStartInfo(
            python,
            [
                Script,
                "--shape",
                shape,
                "--threads",
                threads.ToString(CultureInfo.InvariantCulture),
                .. words.Where(w => !w.Contains('=')),
            ]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var environment = start.Environment;
        environment["OPENBLAS_CORETYPE"] = Avx512F.IsSupported ? "SkylakeX" : "Haswell";
        environment["LD_LIBRARY_PATH"] = "/usr/lib/x86_64-linux-gnu/openblas-openmp";
        environment["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1";
        environment["MALLOC_MMAP_THRESHOLD_"] = "2000000000";
        environment["MALLOC_TRIM_THRESHOLD_"] = "8000000000";
        environment["MALLOC_TOP_PAD_"] = "268435456";
        environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        environment["OMP_WAIT_POLICY"] = "active";
        environment.Remove("OPENBLAS_L2_SIZE");
        foreach (var setting in words.Where(w => w.Contains('=')))
            environment[setting.Split('=')[0]] = setting.Split('=')[1];
        _process = Process.Start(start)!;
        Description = Read()["torch"]!.GetValue<string>();
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "peer", "tiny_grpo.py");

    public string Variant { get; }

    /// <summary>Version of PyTorch.</summary>
    public string Description { get; }

    /// <summary>Gives both models their weights.</summary>
    public void Load(string policy, string reference) =>
        Ask(
            new()
            {
                ["command"] = "load",
                ["policy"] = policy,
                ["reference"] = reference,
            }
        );

    /// <summary>Log-probabilities, loss and gradient norm of given responses.</summary>
    public JsonObject Score(TokenSequences sequences, double[] old) =>
        Ask(
            new()
            {
                ["command"] = "score",
                ["tokens"] = Tokens(sequences),
                ["old"] = new JsonArray([
                    .. old.Chunk(sequences.Responses[0].Length).Select(row => JsonSerializer.SerializeToNode(row)),
                ]),
            }
        );

    /// <summary>Log-probabilities of given responses by decoding with the cache.</summary>
    public double[] Decode(TokenSequences sequences) =>
        Numbers(Ask(new() { ["command"] = "decode", ["tokens"] = Tokens(sequences) }), "logProbs");

    /// <summary>Milliseconds of each of some runs of <c>step</c>, <c>rollout</c> or <c>forward-backward</c>.</summary>
    public double[] Time(string what, int times) => Numbers(Ask(new() { ["command"] = what, ["times"] = times }), "milliseconds");

    /// <summary>A list of numbers of an answer.</summary>
    public static double[] Numbers(JsonObject answer, string name) =>
        [.. answer[name]!.AsArray().Select(n => n!.GetValue<double>())];

    public void Dispose()
    {
        Kill(_process.Id, Continue);
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private JsonObject Ask(JsonObject command)
    {
        Kill(_process.Id, Continue);
        _process.StandardInput.WriteLine(command.ToJsonString());
        _process.StandardInput.Flush();
        var answer = Read();
        Kill(_process.Id, Stop);
        return answer;
    }

    private JsonObject Read() =>
        JsonNode
            .Parse(
                _process.StandardOutput.ReadLine()
                    ?? throw new InvalidOperationException(
                        $"The twin ({Variant}) ended without an answer; its error stands above."
                    )
            )!
            .AsObject();

    private static JsonArray Tokens(TokenSequences sequences) =>
        new([
            .. sequences.Responses.Select(
                (response, row) =>
                    JsonSerializer.SerializeToNode<int[]>([.. sequences.Prompts[sequences.Layout.GroupOf[row]], .. response])
            ),
        ]);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

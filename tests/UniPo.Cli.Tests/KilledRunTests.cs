using System.Diagnostics;
using System.Text.RegularExpressions;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Runs in processes of their own, ended without warning: whatever the moment, log and checkpoint stay usable.</summary>
public sealed class KilledRunTests : IDisposable
{
    private const int Kills = 30,
        Steps = 400;
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public KilledRunTests()
    {
        _model = _folder["tiny.safetensors"];
        TinyTransformer
            .Create(
                new()
                {
                    Layers = 1,
                    Width = 16,
                    Heads = 2,
                    Hidden = 32,
                    ContextLength = 32,
                },
                Tasks.Addition().Vocabulary!,
                seed: 1
            )
            .Save(_model);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_killed_at_thirty_random_moments_ends_like_one_that_was_left_alone()
    {
        Assert.Equal(0, Run("whole.jsonl").Finish());
        var random = new Random(5);
        var (kills, furthest, resumedSteps) = (0, 0, new HashSet<int>());
        while (kills < Kills)
        {
            using var run = Run("killed.jsonl", "--resume");
            // After it has shown a sign of life, so that most kills hit the training and not the start of the runtime.
            if (run.KillAfter(bytes: random.Next(1, 60_000), _folder["killed.jsonl"]))
                kills++;
            else
                break; // it reached its end: the rest of the kills has nothing to hit
            furthest = Math.Max(furthest, LoadableState());
            resumedSteps.Add(furthest);
            if (furthest > Steps * 3 / 4)
                StartOver();
        }
        Assert.Equal(Kills, kills);
        Assert.True(resumedSteps.Count > 5, $"the kills hit only {resumedSteps.Count} different states");
        Assert.Equal(0, Run("killed.jsonl", "--resume").Finish());
        Assert.Equal(WithoutTimes("whole.jsonl"), WithoutTimes("killed.jsonl"));
        var (whole, killed) = (Checkpoint("whole.jsonl"), Checkpoint("killed.jsonl"));
        foreach (var name in whole.Names)
            Assert.Equal(whole[name].ToArray(), killed[name].ToArray());
    }

    [Fact]
    public void A_full_disk_ends_the_run_with_a_sentence_and_whole_lines()
    {
        // A limit on the size of a file stands in for a full disk: the system refuses the write in the same way.
        // (The runtime's own mapped code pages would hit the limit, too; the variable does without them.)
        using var run = Start(
            "bash",
            "-c",
            $"trap '' XFSZ; ulimit -f 200; export DOTNET_EnableWriteXorExecute=0; exec dotnet '{typeof(CommandLine).Assembly.Location}' {string.Join(' ', Words("full.jsonl"))}"
        );
        Assert.Equal(2, run.Finish());
        Assert.Matches("The run stopped after \\d+ of 400 steps, because log or checkpoint could not be written", run.Errors);
        var read = RunLog.Read(_folder["full.jsonl"]);
        Assert.True(read.Steps.Count > 2);
        Assert.EndsWith("}\n", File.ReadAllText(_folder["full.jsonl"]), StringComparison.Ordinal);
    }

    /// <summary>Reads what the killed run left; fails when it cannot be read.</summary>
    /// <returns>Steps in the checkpoint; 0 when it was killed before the first.</returns>
    private int LoadableState()
    {
        if (!File.Exists(_folder["killed.jsonl"]) || new FileInfo(_folder["killed.jsonl"]).Length == 0)
            return 0;
        if (!File.Exists(RecordedTraining.CheckpointPath(_folder["killed.jsonl"])))
            return 0;
        var log = RunLog.Read(_folder["killed.jsonl"]);
        Assert.Equal(Enumerable.Range(0, log.Steps.Count), log.Steps.Select(s => s.Step));
        Assert.NotNull(TinyTransformer.FromFile(Checkpoint("killed.jsonl")));
        var step = int.Parse(Checkpoint("killed.jsonl").Metadata["step"]);
        Assert.InRange(step, 0, log.Steps.Count);
        return step;
    }

    private void StartOver()
    {
        File.Delete(_folder["killed.jsonl"]);
        File.Delete(RecordedTraining.CheckpointPath(_folder["killed.jsonl"]));
    }

    private SafetensorsFile Checkpoint(string log) => SafetensorsFile.Load(RecordedTraining.CheckpointPath(_folder[log]));

    private string WithoutTimes(string name) =>
        Regex.Replace(File.ReadAllText(_folder[name]), "\"seconds\":[0-9.E-]+", "\"seconds\":0");

    private string[] Words(string log, params string[] more) =>
        [
            "train",
            "--model",
            _model,
            "--steps",
            $"{Steps}",
            "--prompts",
            "2",
            "--group",
            "4",
            "--checkpoint-every",
            "7",
            "--log-prompts",
            "1",
            "--threads",
            "1",
            "--output",
            _folder[log],
            .. more,
        ];

    private ChildProcess Run(string log, params string[] more) =>
        Start("dotnet", [typeof(CommandLine).Assembly.Location, .. Words(log, more)]);

    private static ChildProcess Start(string program, params string[] words) => new(program, words);

    private sealed class ChildProcess : IDisposable
    {
        private readonly Process _process;
        private readonly Task<string> _errors,
            _output;

        public ChildProcess(string program, string[] words)
        {
            _process = Process.Start(
                new ProcessStartInfo(program, words) { RedirectStandardError = true, RedirectStandardOutput = true }
            )!;
            (_errors, _output) = (_process.StandardError.ReadToEndAsync(), _process.StandardOutput.ReadToEndAsync());
        }

        public string Errors => _errors.Result;

        public int Finish()
        {
            _process.WaitForExit();
            _ = _output.Result;
            return _process.ExitCode;
        }

        /// <summary>SIGKILL as soon as the file has grown by so many bytes.</summary>
        /// <returns>False when the process ended before that.</returns>
        public bool KillAfter(int bytes, string file)
        {
            long Size() => File.Exists(file) ? new FileInfo(file).Length : 0;
            var (start, clock) = (Size(), Stopwatch.StartNew());
            while (!_process.HasExited)
            {
                // The file shrinks first when a resumed run cuts it back.
                start = Math.Min(start, Size());
                if (Size() - start >= bytes || clock.Elapsed.TotalSeconds > 60)
                {
                    _process.Kill();
                    _process.WaitForExit();
                    return true;
                }
                _process.WaitForExit(TimeSpan.FromMilliseconds(1));
            }
            return false;
        }

        public void Dispose() => _process.Dispose();
    }
}

namespace UniPo.Tests;

/// <summary>Logs that were cut off, doubled or written by a careless program: read with a note, never with a wrong number.</summary>
public sealed class MendedLogTests : IDisposable
{
    private const string Header = """{"type":"header","algorithm":"grpo","unipo":{"version":1,"seed":"1"}}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TrainingRun Read(params string[] lines)
    {
        File.WriteAllText(_folder["run.jsonl"], string.Join('\n', [Header, .. lines]));
        return RunLog.Read(_folder["run.jsonl"]);
    }

    private static string Step(int step, double reward = 0) =>
        FormattableString.Invariant($$$"""{"type":"step","step":{{{step}}},"metrics":{"reward":{{{reward}}}}}""");

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n   \n")]
    [InlineData("\n\0\0\0\0\0\0\n\0")]
    public void A_torn_line_may_be_followed_by_lines_without_content(string behind)
    {
        var run = Read(Step(0), Step(1), Step(2)[..20] + behind);
        Assert.Equal([0, 1], run.Steps.Select(s => s.Step));
        Assert.Equal("The log has no closing line: the run was still going or was killed after step 1.", run.Stopped);
    }

    [Fact]
    public void A_torn_line_before_others_is_damage_and_named() =>
        Assert.Contains(
            "Line 3 of the run log",
            Assert.Throws<InvalidDataException>(() => Read(Step(0), Step(1)[..20], Step(2))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Of_a_step_that_stands_twice_the_later_one_is_read_and_a_note_says_so()
    {
        var run = Read(Step(0), Step(1), Step(2, 0.25), Step(2, 0.5), Step(3));
        Assert.Equal([0, 1, 2, 3], run.Steps.Select(s => s.Step));
        Assert.Equal([0, 0, 0.5, 0], run.Curve("reward"));
        Assert.Equal([new TrainingWarning(2, "The log holds step 2 twice; the later one was read.")], run.Warnings);
    }

    [Fact]
    public void Steps_that_were_taken_again_are_counted_in_one_note()
    {
        var run = Read(Step(0), Step(1), Step(2), Step(1, 1), Step(2, 2), Step(3, 3));
        Assert.Equal([0, 1, 2, 3], run.Curve("reward"));
        Assert.Equal(
            "The log holds 2 steps twice, the first of them step 1; the later ones were read.",
            Assert.Single(run.Warnings).Text
        );
    }

    [Theory]
    [InlineData(@"half \ud83d of it", "half \ufffd of it", 1)]
    [InlineData(@"the other half \udc4d", "the other half \ufffd", 1)]
    [InlineData(@"\ud83d\ud83d\udc4d", "\ufffd👍", 1)]
    [InlineData(@"whole \ud83d\udc4d", "whole 👍", 0)]
    [InlineData(@"no escape: \\ud83d", @"no escape: \ud83d", 0)]
    [InlineData(@"cut off at the end \uD83D", "cut off at the end \ufffd", 1)]
    public void Half_a_character_costs_one_character_and_not_the_log(string json, string text, int notes)
    {
        var run = Read($$$"""{"type":"step","step":0,"metrics":{},"unipo":{"warnings":["{{{json}}}"]}}""", Step(1));
        Assert.Equal(2, run.Steps.Count);
        Assert.Equal([text], run.Steps[0].Warnings);
        Assert.Equal(notes, run.Notes.Count(n => n.Text.Contains("Line 2 of the log", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_half_character_that_a_run_writes_can_be_read_again()
    {
        var header = new RunHeader
        {
            Algorithm = "GRPO",
            Task = "half \ud83d",
            Model = "m",
        };
        RunLog.Write(_folder["run.jsonl"], new TrainingRun { Header = header, Steps = [] });
        Assert.Equal("half \ufffd", RunLog.Read(_folder["run.jsonl"]).Header.Task);
    }

    [Theory]
    [InlineData("""{"step":1e300}""", "'step' must be a whole number from 0 to 2147483647, but was 1E+300")]
    [InlineData("""{"step":-1}""", "'step' must be a whole number from 0 to 2147483647, but was -1")]
    [InlineData("""{"step":0.5}""", "'step' must be a whole number from 0 to 2147483647, but was 0.5")]
    [InlineData("""{"step":1,"metrics":{"reward":1e999}}""", "'reward' must be a number, but was 1e999")]
    [InlineData("""{"step":1,"unipo":{"seconds":-1}}""", "'seconds' must be a duration of at least 0, but was -1")]
    [InlineData("""{"step":1,"unipo":{"seconds":1e300}}""", "'seconds' must be a duration of at least 0, but was 1E+300")]
    [InlineData("""{"step":1,"unipo":{"warnings":"none"}}""", "'warnings' must be a list, but was \"none\"")]
    public void A_number_that_cannot_be_is_refused_with_line_and_value(string line, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_field_that_is_shown_in_a_message_is_cut_short()
    {
        var message = Assert.Throws<InvalidDataException>(() => Read("{\"step\":\"" + new string('x', 10_000) + "\"}")).Message;
        Assert.InRange(message.Length, 50, 400);
    }

    [Fact]
    public void Warnings_keep_their_step_and_their_number_on_the_way_through_a_log()
    {
        var step = new TrainingStep
        {
            Step = 4,
            Rollout = 4,
            FirstAfterRollout = true,
            Metrics = new Dictionary<string, double>(),
            Warnings = ["one.", "another."],
        };
        var run = new TrainingRun
        {
            Header = new()
            {
                Algorithm = "GRPO",
                Task = "t",
                Model = "m",
            },
            Steps = [step],
        };
        RunLog.Write(_folder["run.jsonl"], run);
        Assert.Equal([new(4, "one."), new(4, "another.")], RunLog.Read(_folder["run.jsonl"]).Warnings);
        Assert.Equal("one. another.", RunLog.Read(_folder["run.jsonl"]).Steps[0].Warning);
    }

    [Fact]
    public void The_one_warning_of_an_older_log_is_read() =>
        Assert.Equal(["hm."], Read("""{"step":0,"unipo":{"warning":"hm."}}""").Steps[0].Warnings);
}

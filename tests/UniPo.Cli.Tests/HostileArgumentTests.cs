using System.CommandLine;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Every option of every command, with values that somebody types by mistake or on purpose.</summary>
public sealed class HostileArgumentTests
{
    private static readonly string[] _noNumbers =
    [
        "",
        " ",
        "abc",
        "0,5",
        "1.000,5",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "٣",
        "𝟓",
        "0x10",
        "1_000",
        " 1",
        "1 ",
        "5\0",
        "--",
        "-7",
        "∞",
        "1e-",
        "99999999999999999999999999",
        "\u202e7",
        "\u001b[31m7",
    ];

    private static IEnumerable<(string[] Path, Command Command)> All(Command command, params string[] path) =>
        command.Subcommands.SelectMany(c => All(c, [.. path, c.Name])).Prepend((path, command));

    private static bool IsNumber(Option option) =>
        (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) is var type
        && (
            type == typeof(int)
            || type == typeof(double)
            || type == typeof(ulong)
            || type == typeof(long)
            || type == typeof(float)
        );

    private static bool IsText(Option option) => option.ValueType == typeof(string) || option.ValueType == typeof(string[]);

    private static void AssertOneSentence(Call call, string what)
    {
        Assert.True(call.ExitCode == 2, $"{what}: exit code {call.ExitCode}: {call.Error}");
        Assert.DoesNotContain("   at ", call.Error);
        var sentence = call.Error.Split('\n')[0];
        Assert.InRange(sentence.Length, 1, 300);
        Assert.DoesNotContain("System.", sentence);
        Assert.DoesNotContain(
            call.Error.Replace("\r\n", "\n", StringComparison.Ordinal),
            c => c != '\n' && (char.IsControl(c) || c is '\u202e' or '\u2066')
        );
    }

    [Fact]
    public async Task No_option_takes_a_number_that_is_none()
    {
        var seen = 0;
        foreach (var (path, command) in All(CommandLine.Create()))
        foreach (var option in command.Options.Where(IsNumber))
        foreach (var value in _noNumbers)
        {
            // A negative step is looked for in the log; a learning rate may be as great as one likes, and then training stops and
            // says so.
            if (
                option.Name is "--step" && value == "-7"
                || option.Name == "--learning-rate" && value.StartsWith("999", StringComparison.Ordinal)
            )
                continue;
            var call = await Call.Unipo([.. path, .. Required(command), option.Name, value]);
            AssertOneSentence(call, $"{string.Join(' ', path)} {option.Name} '{value}'");
            Assert.Contains(option.Name, call.Error);
            seen++;
        }

        Assert.True(seen > 500);
    }

    [Fact]
    public async Task No_option_and_no_argument_takes_an_empty_text()
    {
        foreach (var (path, command) in All(CommandLine.Create()))
        {
            foreach (var option in command.Options.Where(IsText))
            foreach (var value in new[] { "", "  ", "a\0b" })
                AssertOneSentence(
                    await Call.Unipo([.. path, .. Required(command), option.Name, value]),
                    $"{string.Join(' ', path)} {option.Name} '{value}'"
                );
            if (command.Arguments.Count > 0)
                AssertOneSentence(await Call.Unipo([.. path, ""]), string.Join(' ', path));
        }
    }

    [Theory]
    [InlineData("run no-such-file-\u001b]0;x\u0007.ipynb")]
    [InlineData("view \u202ecod.lnosj")]
    [InlineData("export @arguments --to html")]
    [InlineData("train --algorithm \u001b[2J")]
    [InlineData("train --task \u2066addition")]
    [InlineData("train --model \u0085")]
    [InlineData("\u001b[31mrun")]
    [InlineData("run --\u202eshout")]
    public async Task Foreign_text_in_a_message_moves_nothing(string words) =>
        AssertOneSentence(await Call.Unipo(words.Split(' ')), words);

    [Fact]
    public async Task A_name_of_ten_thousand_letters_makes_a_short_message()
    {
        var name = new string('n', 10_000);
        foreach (
            var words in new[] { new[] { "run", name }, ["view", name], ["train", "--algorithm", name], [name], ["train", name] }
        )
            AssertOneSentence(await Call.Unipo(words), words[0]);
    }

    [Theory]
    [InlineData("trian", "Did you mean train?")]
    [InlineData("run x --htlm", "Did you mean --html?")]
    [InlineData("train --algorithm grop", "Did you mean grpo?")]
    [InlineData("train --task adition", "Did you mean addition?")]
    public async Task A_name_that_is_nearly_right_is_asked_about(string words, string question) =>
        Assert.Contains(question, (await Call.Unipo(words.Split(' '))).Error);

    [Fact]
    public async Task A_comma_is_named_with_the_number_that_was_meant() =>
        Assert.Contains(
            "--learning-rate: \"0,0001\" is no number: the decimal sign is a point; write 0.0001.",
            (await Call.Unipo("train", "--learning-rate", "0,0001")).Error
        );

    [Fact]
    public async Task The_command_alone_prints_its_help()
    {
        var call = await Call.Unipo();
        Assert.Equal(0, call.ExitCode);
        Assert.Contains("Commands:", call.Output);
    }

    [Fact]
    public async Task Help_of_run_says_that_code_runs_with_the_rights_of_the_user() =>
        Assert.Contains(
            "with your rights",
            string.Join(
                ' ',
                (await Call.Unipo("run", "--help")).Output.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)
            )
        );

    // Whatever a command needs, so that the option is what is wrong.
    private static IEnumerable<string> Required(Command command) =>
        command
            .Arguments.SelectMany(_ => new[] { "nothing-here" })
            .Concat(command.Options.Where(o => o.Required).SelectMany(o => new[] { o.Name, o.Name == "--to" ? "html" : "x" }));
}

using System.CommandLine;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo which</c>: which algorithm is this configuration of a trainer?</summary>
internal static class WhichCommand
{
    private static readonly Argument<string[]> _settings = new("settings")
    {
        Description =
            "Settings as the trainer writes them: --loss-type dapo --scale-rewards none (TRL), algorithm.adv_estimator=grpo (verl), --algo.advantage.estimator rloo (OpenRLHF).",
        Arity = ArgumentArity.OneOrMore,
    };

    private const int Shown = 3;

    public static Command Create()
    {
        var command = new Command("which", "Names the algorithm that a trainer's settings make, and what still differs.")
        {
            _settings,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(Which);
        return command;
    }

    private static int Which(ParseResult parsed)
    {
        // Words that look like options are no options of this command, so they come back unmatched, in their order.
        var settings = Pairs([.. parsed.Tokens.Skip(1).Select(t => t.Value)]);
        Framework trainer;
        try
        {
            trainer = TrainerSettings.TrainerOf(settings);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(fault.Message);
        }
        var output = parsed.InvocationConfiguration.Output;
        var matches = TrainerSettings.Closest(trainer, settings);
        output.WriteLine($"Settings of {TrainerVersion.Of(trainer)}; what is not named has its default.");
        foreach (var match in matches.Take(Shown))
        {
            output.WriteLine(
                $"{(match == matches[0] ? "Nearest: " : "Then: ")}{match.Objective.Name}{(match.Different.Count + match.Unset.Count == 0 ? ", in all that was compared" : "")}"
            );
            foreach (var difference in match.Different)
                output.WriteLine($"  ≠ {difference}");
            foreach (var unset in match.Unset)
                output.WriteLine($"  · {match.Objective.Name} would also set {unset}");
        }
        return ExitCode.Success;
    }

    private static List<KeyValuePair<string, string>> Pairs(string[] words)
    {
        var settings = new List<KeyValuePair<string, string>>();
        for (var i = 0; i < words.Length; i++)
        {
            var equals = words[i].IndexOf('=');
            if (equals > 0)
                settings.Add(new(Name(words[i][..equals]), words[i][(equals + 1)..]));
            else if (
                words[i].StartsWith("--", StringComparison.Ordinal)
                && i + 1 < words.Length
                && !words[i + 1].StartsWith("--", StringComparison.Ordinal)
            )
                settings.Add(new(Name(words[i]), words[++i]));
            else if (words[i].StartsWith("--", StringComparison.Ordinal))
                settings.Add(new(Name(words[i]), "True"));
            else
                throw new UsageException($"'{words[i]}' is no setting; write --loss-type dapo or algorithm.adv_estimator=grpo.");
        }
        return settings;
    }

    // TRL's keys have underscores and no dashes before them; OpenRLHF's keep their dashes.
    private static string Name(string word) =>
        TrainerKeys.Of(Framework.OpenRlhf).Any(k => k.Key == word) ? word : word.TrimStart('-', '+').Replace('-', '_');
}

using System.CommandLine;

namespace UniPo.Cli.Commands;

/// <summary>Range checks of options, with one wording.</summary>
internal static class OptionRange
{
    /// <summary>The option's value.</summary>
    /// <exception cref="UsageException">It is smaller than it may be.</exception>
    public static int AtLeast(this ParseResult parsed, Option<int> option, int least)
    {
        var value = parsed.GetValue(option);
        return value >= least ? value : throw new UsageException($"{option.Name} must be at least {least}, but was {value}.");
    }
}

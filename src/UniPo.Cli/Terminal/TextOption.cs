using System.CommandLine;
using System.CommandLine.Parsing;

namespace UniPo.Cli.Terminal;

/// <summary>No name, path or value on the command line may be empty, or hold the character that ends a text for the system.</summary>
internal static class TextOption
{
    /// <summary>Gives every option and argument below a command this rule.</summary>
    public static void ApplyTo(Command command)
    {
        foreach (var option in command.Options)
            option.Validators.Add(result => Check(result, option.Name, result.Tokens));
        foreach (var argument in command.Arguments)
            argument.Validators.Add(result => Check(result, argument.Name, result.Tokens));
        foreach (var inner in command.Subcommands)
            ApplyTo(inner);
    }

    private static void Check(SymbolResult result, string name, IEnumerable<Token> tokens)
    {
        foreach (var token in tokens)
        {
            if (string.IsNullOrWhiteSpace(token.Value))
                result.AddError($"{name}: the value is empty.");
            else if (token.Value.Contains('\0', StringComparison.Ordinal))
                result.AddError($"{name}: the value holds the character U+0000.");
        }
    }
}

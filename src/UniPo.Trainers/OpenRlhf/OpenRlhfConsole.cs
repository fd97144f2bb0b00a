using System.Globalization;
using System.Text.RegularExpressions;

namespace UniPo;

/// <summary>OpenRLHF's rows <c>✨ Global step 1: {…}</c>, one for each rollout batch.</summary>
/// <remarks>openrlhf/trainer/ppo_trainer.py at 3c3be623.</remarks>
internal sealed partial class OpenRlhfConsole : ConsolePattern
{
    public override LogFormat Kind => LogFormat.OpenRlhfConsole;

    [GeneratedRegex(@"Global step (\d+): \{", RegexOptions.CultureInvariant)]
    private static partial Regex RowPattern();

    public override bool Take(int number, string line)
    {
        var row = RowPattern().Match(line);
        if (!row.Success || !int.TryParse(row.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var step))
            return false;
        if (PythonLiteral.Dictionary(line, row.Index + row.Length - 1, out _) is { } pairs)
            Builder.Add(step, Numbers(pairs));
        else
            Builder.Note($"Line {number}: the row of step {step} is torn and left out.");
        return true;
    }

    protected override string? Method(IReadOnlySet<string> keys) => keys.Contains("critic_loss") ? "PPO" : null;
}

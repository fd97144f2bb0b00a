using System.Globalization;
using System.Text.RegularExpressions;

namespace UniPo;

/// <summary>slime's rows <c>rollout 0: {…}</c>, <c>step 0: {…}</c>, <c>perf 0: {…}</c>, <c>eval 0: {…}</c>.</summary>
/// <remarks>
/// slime/ray and slime/backends at 624b824a. Several steps belong to a rollout; a rollout's numbers are put to the step that
/// follows it.
/// </remarks>
internal sealed partial class SlimeConsole : ConsolePattern
{
    private readonly List<(string, double)> _pending = [];

    public override LogFormat Kind => LogFormat.SlimeConsole;

    [GeneratedRegex(@"(?:^|[\s\-\]:)])(rollout|step|perf|eval) (\d+): \{", RegexOptions.CultureInvariant)]
    private static partial Regex RowPattern();

    public override bool Take(int number, string line)
    {
        var row = RowPattern().Match(line);
        if (!row.Success || !int.TryParse(row.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var step))
            return false;
        if (PythonLiteral.Dictionary(line, row.Index + row.Length - 1, out _) is not { } pairs)
        {
            Builder.Note($"Line {number}: the row is torn and left out.");
            return true;
        }
        if (row.Groups[1].Value != "step")
        {
            if (row.Groups[1].Value == "rollout" && _pending.Any(p => p.Item1.StartsWith("rollout/", StringComparison.Ordinal)))
                Flush(Builder.NextStep); // a rollout without a step of its own
            _pending.AddRange(Numbers(pairs));
            return true;
        }
        Builder.Add(step, [.. Numbers(pairs), .. _pending]);
        _pending.Clear();
        return true;
    }

    private void Flush(int step)
    {
        Builder.Add(step, [.. _pending]);
        _pending.Clear();
    }

    public override void End()
    {
        if (_pending.Count > 0)
            Flush(Builder.NextStep);
    }

    // Its metrics are the same for every advantage estimator.
    protected override string? Method(IReadOnlySet<string> keys) => null;
}

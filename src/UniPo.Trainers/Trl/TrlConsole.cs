using System.Globalization;
using System.Text.RegularExpressions;

namespace UniPo;

/// <summary>Rows of a Hugging Face trainer on the terminal: one Python dictionary each, between progress bars.</summary>
/// <remarks>
/// There is no step in a row: it is that of the training's own progress bar before it, which has no name in front of its percent
/// sign. Where the bars do not move from row to row (they were written to another stream), rows are counted. transformers 5 prints
/// numbers as texts of four digits.
/// </remarks>
internal sealed partial class TrlConsole : ConsolePattern
{
    private readonly List<(int Bar, List<(string Key, double Value)> Values)> _rows = [];
    private int _bar;

    public override LogFormat Kind => LogFormat.TrlConsole;

    [GeneratedRegex(@"^\s*\d+%\|[^|]*\|\s*(\d+)/(\d+) \[", RegexOptions.CultureInvariant)]
    private static partial Regex BarPattern();

    public override bool Take(int number, string line)
    {
        var bar = BarPattern().Match(line);
        if (
            bar.Success
            && int.TryParse(bar.Groups[1].Value, CultureInfo.InvariantCulture, out var done)
            && int.TryParse(bar.Groups[2].Value, CultureInfo.InvariantCulture, out var planned)
        )
            (_bar, Header.Steps) = (done, planned);
        var open = line.IndexOf("{'", StringComparison.Ordinal);
        if (open < 0 || PythonLiteral.Dictionary(line, open, out _) is not { } pairs)
            return false;
        if (pairs.Any(p => p.Key == "train_runtime"))
        {
            Flush(); // the end of a run; rows that follow are another's
            return true;
        }
        if (
            !pairs.Any(p =>
                p.Key is "epoch" or "loss" or "reward" or "learning_rate" || p.Key.StartsWith("eval_", StringComparison.Ordinal)
            )
        )
            return false;
        List<(string Key, double Value)> row = [.. Numbers(pairs)];
        if (row.Count > 0)
            _rows.Add((_bar, row));
        return true;
    }

    public override void End() => Flush();

    private void Flush()
    {
        var moves = _rows.Count > 0 && _rows[0].Bar > 0 && _rows.Select(r => r.Bar).Distinct().Count() * 2 > _rows.Count;
        if (_rows.Count > 0 && !moves)
            Builder.Note(
                "No progress bar stands between the rows, so they are counted from 1; with logging_steps above 1 a row stands for several steps."
            );
        var (last, keys) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var (bar, values) in _rows)
        {
            // A row without a key of the one before it is an evaluation of the same step.
            var again = values.Any(v => v.Key != "epoch" && keys.Contains(v.Key));
            var step =
                moves && bar > last ? bar
                : again || last == 0 ? last + 1
                : last;
            if (step != last)
                keys.Clear();
            keys.UnionWith(values.Select(v => v.Key));
            last = step;
            Builder.Add(step, values);
        }
        _rows.Clear();
        _bar = 0;
    }

    protected override string? Method(IReadOnlySet<string> keys) => MethodNames.Trl(keys);
}

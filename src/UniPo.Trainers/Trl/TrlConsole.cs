using System.Globalization;
using System.Text.RegularExpressions;

namespace UniPo;

/// <summary>Rows of a Hugging Face trainer on the terminal: one Python dictionary each, between progress bars.</summary>
/// <remarks>
/// There is no step in a row: it is that of the training's own progress bar before it, which has no name in front of its percent
/// sign; without one, rows are counted. transformers 5 prints numbers as texts of four digits.
/// </remarks>
internal sealed partial class TrlConsole : ConsolePattern
{
    private readonly HashSet<string> _lastKeys = new(StringComparer.Ordinal);
    private int _bar = -1, _last;

    public override LogFormat Kind => LogFormat.TrlConsole;

    [GeneratedRegex(@"^\s*\d+%\|[^|]*\|\s*(\d+)/(\d+) \[", RegexOptions.CultureInvariant)]
    private static partial Regex BarPattern();

    public override bool Take(int number, string line)
    {
        var bar = BarPattern().Match(line);
        if (bar.Success && int.TryParse(bar.Groups[1].Value, CultureInfo.InvariantCulture, out var done))
        {
            if (done < _bar && done <= 1)
                _last = 0;
            _bar = done;
            if (int.TryParse(bar.Groups[2].Value, CultureInfo.InvariantCulture, out var planned))
                Header.Steps = planned;
        }
        var open = line.IndexOf("{'", StringComparison.Ordinal);
        if (open < 0 || PythonLiteral.Dictionary(line, open, out _) is not { } pairs)
            return false;
        if (pairs.Any(p => p.Key == "train_runtime"))
        {
            (_last, _bar) = (0, -1); // the end of a run; rows that follow are another's
            return true;
        }
        if (!pairs.Any(p => p.Key is "epoch" or "loss" or "reward" or "learning_rate" || p.Key.StartsWith("eval_", StringComparison.Ordinal)))
            return false;
        Row([.. Numbers(pairs)]);
        return true;
    }

    private void Row(List<(string Key, double Value)> row)
    {
        if (row.Count == 0)
            return;
        var again = row.Any(v => v.Key != "epoch" && _lastKeys.Contains(v.Key));
        // The bar may lag behind: a row with the same keys is another step.
        var step = _bar > _last || _bar == _last && !again && _bar > 0 ? _bar
            : again || _last == 0 ? _last + 1
            : _last;
        if (step != _last)
            _lastKeys.Clear();
        foreach (var (key, _) in row)
            _lastKeys.Add(key);
        _last = step;
        Builder.Add(step, row);
    }

    protected override string? Method(IReadOnlySet<string> keys) => MethodNames.Trl(keys);
}

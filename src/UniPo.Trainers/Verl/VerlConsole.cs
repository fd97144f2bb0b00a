using System.Globalization;
using System.Text.RegularExpressions;

namespace UniPo;

/// <summary>verl's rows <c>step:1 - key:0.5 - …</c>, behind Ray's prefixes, and the settings printed before them.</summary>
/// <remarks>verl/utils/logger/aggregate_logger.py at 1dda039b. <c>step:0</c> is the validation before training.</remarks>
internal sealed partial class VerlConsole : ConsolePattern
{
    private static readonly string[] _settings =
    [
        "adv_estimator",
        "loss_agg_mode",
        "loss_mode",
        "clip_ratio",
        "clip_ratio_low",
        "clip_ratio_high",
        "clip_ratio_c",
        "use_kl_loss",
        "kl_loss_coef",
        "kl_loss_type",
        "use_kl_in_reward",
        "norm_adv_by_std_in_grpo",
        "entropy_coeff",
        "ppo_mini_batch_size",
        "train_batch_size",
        "ppo_epochs",
        "max_response_length",
        "total_epochs",
    ];

    private bool _sawSettings;

    public override LogFormat Kind => LogFormat.VerlConsole;

    public override bool LooksLike => _sawSettings;

    // A model may write "step:3 - " in its answer; a row starts its line, and behind each sign of separation stands key:number.
    [GeneratedRegex(@"^(?:\([^)]{1,80}pid=[^)]{1,60}\)\s*)*step:(\d+) - (\S.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"'(\w+)': ('[^']*'|[-\w.+]+)", RegexOptions.CultureInvariant)]
    private static partial Regex SettingPattern();

    public override bool Take(int number, string line)
    {
        var row = RowPattern().Match(line.TrimStart());
        if (!row.Success)
        {
            if (line.Contains("': ", StringComparison.Ordinal))
                Settings(line);
            return false;
        }
        if (!int.TryParse(row.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var step))
            return false;
        var (values, torn) = Items(row.Groups[2].Value);
        if (values.Count == 0)
            return false;
        if (torn > 0)
            Builder.Note($"Line {number}: {torn} {(torn == 1 ? "item is" : "items are")} torn by other output and left out.");
        Builder.Add(step, values);
        return true;
    }

    private static (List<(string, double)>, int) Items(string text)
    {
        var values = new List<(string, double)>();
        var torn = 0;
        foreach (var item in text.Split(" - ", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = item.LastIndexOf(':');
            var key = colon > 0 ? item[..colon].Trim() : "";
            var number = colon > 0 ? PythonLiteral.Number(item[(colon + 1)..]) : double.NaN;
            if (key.Length == 0 || key.Contains(' ') || double.IsNaN(number) && !PythonLiteral.IsMissing(item[(colon + 1)..]))
                torn++;
            else if (!LogBuilder.IsPlace(key))
                values.Add((key, number));
        }
        return (values, torn);
    }

    private void Settings(string line)
    {
        foreach (Match setting in SettingPattern().Matches(line))
        {
            var name = setting.Groups[1].Value;
            if (!_settings.Contains(name) || Header.Settings.ContainsKey(name))
                continue;
            _sawSettings |= name is "adv_estimator" or "loss_agg_mode" or "kl_loss_coef";
            var word = setting.Groups[2].Value.Trim('\'');
            var number = PythonLiteral.Number(word);
            if (word is "True" or "False")
                Header.Settings[name] = word == "True";
            else if (double.IsFinite(number))
                Header.Settings[name] = number;
            else if (word != "None")
                Header.Settings[name] = word;
        }
    }

    protected override string? Method(IReadOnlySet<string> keys) =>
        MethodNames.Verl(keys, Header.Settings.GetValueOrDefault("adv_estimator") as string);
}

using System.Text;
using UniPo.Numerics;

namespace UniPo;

/// <summary>Writes an export in the language of its trainer.</summary>
internal static class ExportText
{
    public static string Python(TrainerExport export)
    {
        var text = Head(export);
        var dot = export.Program.LastIndexOf('.');
        var (module, name) = (export.Program[..dot], export.Program[(dot + 1)..]);
        text.Append($"from {module} import {name}\n\nconfig = {name}(\n");
        foreach (var setting in export.Settings)
            Line(text, "    ", $"{setting.Key}={setting.Text("True", "False", "None")},", setting.Comment);
        return text.Append(")\n").ToString();
    }

    public static string Yaml(TrainerExport export)
    {
        var text = Head(export);
        string[] open = [];
        foreach (var setting in export.Settings.OrderBy(s => Root(s.Key), StringComparer.Ordinal))
        {
            var path = setting.Key.Split('.');
            var shared = path.SkipLast(1).Zip(open).TakeWhile(p => p.First == p.Second).Count();
            for (var level = shared; level < path.Length - 1; level++)
                text.Append(new string(' ', 2 * level)).Append(path[level]).Append(":\n");
            Line(
                text,
                new string(' ', 2 * (path.Length - 1)),
                $"{path[^1]}: {setting.Text("true", "false", "null")}",
                setting.Comment
            );
            open = path[..^1];
        }
        return text.ToString();
    }

    // Keys of one section must stand together; within a section the exporter's order tells the story.
    private static string Root(string key) => key[..Math.Max(key.LastIndexOf('.'), 0)];

    public static string CommandLine(TrainerExport export)
    {
        var text = Head(export);
        foreach (var setting in export.Settings.Where(s => s.Comment.Length > 0))
            Note(text, $"{setting.Key}: {setting.Comment}");
        text.Append($"python -m {export.Program}");
        foreach (var setting in export.Settings)
            text.Append(" \\\n   ").Append(Argument(setting));
        return text.Append('\n').ToString();
    }

    private static string Argument(ExportedSetting setting) =>
        setting.Value switch
        {
            true => setting.Key,
            IEnumerable<double> numbers => setting.Key + " " + string.Join(" ", numbers.Select(ExportedSetting.Number)),
            string word => $"{setting.Key} {word}",
            _ => $"{setting.Key} {setting.Text("true", "false", "none")}",
        };

    // A comment that would make the line too long stands above it.
    private static void Line(StringBuilder text, string indent, string setting, string comment)
    {
        var fits = indent.Length + setting.Length + comment.Length + 4 <= WrappedText.Width;
        if (comment.Length > 0 && !fits)
            foreach (var row in WrappedText.Lines(comment, WrappedText.Width - indent.Length - 2))
                text.Append(indent).Append("# ").Append(row).Append('\n');
        text.Append(indent).Append(setting);
        if (comment.Length > 0 && fits)
            text.Append("  # ").Append(comment);
        text.Append('\n');
    }

    private static StringBuilder Head(TrainerExport export)
    {
        var text = new StringBuilder();
        Note(
            text,
            $"{export.Objective.Name} for {Name(export.Framework)} ({export.Program}): the settings that decide the objective."
        );
        Note(text, $"Keys checked against {export.CheckedAgainst}.");
        foreach (var warning in export.Warnings)
            Note(text, $"Beware, {warning}");
        return text;
    }

    /// <summary>A framework as it writes itself.</summary>
    public static string Name(Framework framework) =>
        framework switch
        {
            Framework.Trl => "TRL",
            Framework.Verl => "verl",
            Framework.OpenRlhf => "OpenRLHF",
            Framework.SkyRl => "SkyRL",
            _ => "oat",
        };

    private static void Note(StringBuilder text, string sentence)
    {
        foreach (var line in WrappedText.Lines(sentence, WrappedText.Width - 2))
            text.Append("# ").Append(line).Append('\n');
    }
}

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
            text.Append($"    {setting.Key}={setting.Text("True", "False", "None")},{Comment(setting)}\n");
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
            for (var level = shared; level < path.Length - 1; level++) text.Append(new string(' ', 2 * level)).Append(path[level]).Append(":\n");
            text.Append(new string(' ', 2 * (path.Length - 1))).Append($"{path[^1]}: {setting.Text("true", "false", "null")}{Comment(setting)}\n");
            open = path[..^1];
        }
        return text.ToString();
    }

    // Keys of one section must stand together; within a section the exporter's order tells the story.
    private static string Root(string key) => key[..Math.Max(key.LastIndexOf('.'), 0)];

    public static string CommandLine(TrainerExport export)
    {
        var text = Head(export);
        foreach (var setting in export.Settings.Where(s => s.Comment.Length > 0)) text.Append($"# {setting.Key}: {setting.Comment}\n");
        text.Append($"python -m {export.Program}");
        foreach (var setting in export.Settings) text.Append(" \\\n   ").Append(Argument(setting));
        return text.Append('\n').ToString();
    }

    private static string Argument(ExportedSetting setting) => setting.Value switch
    {
        true => setting.Key,
        IEnumerable<double> numbers => setting.Key + " " + string.Join(" ", numbers.Select(ExportedSetting.Number)),
        string word => $"{setting.Key} {word}",
        _ => $"{setting.Key} {setting.Text("true", "false", "none")}",
    };

    private static string Comment(ExportedSetting setting) => setting.Comment.Length > 0 ? "  # " + setting.Comment : "";

    private static StringBuilder Head(TrainerExport export)
    {
        var text = new StringBuilder();
        Note(text, $"{export.Objective.Name} for {export.Framework} ({export.Program}): the settings that decide the objective.");
        foreach (var warning in export.Warnings) Note(text, $"Beware, {warning}");
        return text;
    }

    private static void Note(StringBuilder text, string sentence)
    {
        foreach (var line in TextLayout.Sentence(sentence, TextLayout.Width - 2)) text.Append("# ").Append(line).Append('\n');
    }
}

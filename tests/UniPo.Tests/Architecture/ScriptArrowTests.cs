using System.Text.RegularExpressions;

namespace UniPo.Tests.Architecture;

/// <summary>The same rule for the TypeScript of the widgets: what calculates knows nothing of what draws.</summary>
public sealed partial class ScriptArrowTests
{
    private static readonly string _root = Repository.Path("src", "UniPo.Interactive", "Widgets", "src");

    private static readonly string[] _files =
    [
        .. Directory
            .GetFiles(_root, "*.ts", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(_root, f).Replace('\\', '/')),
    ];

    [Fact]
    public void Every_import_of_the_widgets_points_towards_the_foundation()
    {
        var wrong = Imports().Where(i => i.From != i.To && !HousePlan.Scripts[i.From].Contains(i.To));
        Assert.Empty(wrong.Select(i => $"{i.File} imports {i.Path} of {i.To}"));
    }

    [Fact]
    public void Every_folder_of_the_widgets_is_in_the_plan() =>
        Assert.Empty(_files.Select(Folder).Distinct().Except(HousePlan.Scripts.Keys));

    [Fact]
    public void Widgets_import_files_of_their_own_and_no_package()
    {
        Assert.NotEmpty(Imports());
        Assert.Empty(Imports().Where(i => !i.Path.StartsWith('.')).Select(i => $"{i.File} imports {i.Path}"));
    }

    [Fact]
    public void What_calculates_touches_no_page()
    {
        var touching = _files
            .Where(f => Folder(f) == "core")
            .Where(f => PageWords().IsMatch(File.ReadAllText(Path.Combine(_root, f))));
        Assert.Empty(touching);
    }

    private static IEnumerable<(string File, string Path, string From, string To)> Imports() =>
        from file in _files
        from Match import in ImportPath().Matches(File.ReadAllText(Path.Combine(_root, file)))
        let path = import.Groups[1].Value
        select (file, path, Folder(file), path.StartsWith('.') ? Folder(Resolve(file, path)) : path);

    private static string Resolve(string file, string path) =>
        Path.GetRelativePath(_root, Path.GetFullPath(Path.Combine(_root, Path.GetDirectoryName(file)!, path))).Replace('\\', '/');

    private static string Folder(string file) => file.Contains('/') ? file.Split('/')[0] : ".";

    [GeneratedRegex(@"^(?:import|export)\b(?:[^'""();=]*from)?\s*['""]([^'""]+)['""]", RegexOptions.Multiline)]
    private static partial Regex ImportPath();

    [GeneratedRegex(@"\b(?:document|window|HTMLElement|customElements)\b")]
    private static partial Regex PageWords();
}

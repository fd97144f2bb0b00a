using UniPo.Cli.Notebooks;
using UniPo.Cli.Running;

namespace UniPo.Packages.Tests;

/// <summary>
/// Every lesson in the kernel that notebook editors use, with the packages as they are published: no error, nothing for the compiler to
/// say, every view as HTML and as text, and the text that is stored. A stage of its own: <c>./test.sh --kernel</c>.
/// </summary>
[Collection(Packed.Name)]
[Trait("Stage", "kernel")]
public sealed class KernelTests(PackedFeed feed)
{
    private const string Tool = "Microsoft.dotnet-interactive",
        ToolVersion = "1.0.712001";

    public static TheoryData<string> Lessons =>
        [.. Directory.GetFiles(Folder, "*.ipynb").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(PackedFeed.Repository, "notebooks");

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task A_lesson_shows_in_the_real_kernel_what_is_stored_in_it(string name)
    {
        var notebook = Notebook.Read(Path.Combine(Folder, name));
        using var kernel = await Kernel.Start(await Installed(), Work(), Path.Combine(feed.Root, "cache"));
        foreach (var cell in notebook.Cells.Where(c => c.IsCode))
        {
            var result = await kernel.Run(cell.Source);
            Assert.True(result.Fault is null, $"{name}, cell {cell.Number}: {result.Fault}");
            Assert.Empty(result.Diagnostics);
            var views = result.Shown.Where(s => s.ContainsKey("text/html") && s["text/html"].Contains("<unipo-")).ToList();
            Assert.All(views, view => Assert.NotEmpty(view["text/plain"]));
            foreach (var (stored, fresh) in StoredViews(cell).Zip(views.Select(v => v["text/plain"])))
                Assert.Null(TextComparison.Exact.Fault(stored, fresh));
        }
    }

    // The lessons read the recorded runs and each other's folder by relative paths.
    private string Work()
    {
        var work = Path.Combine(feed.Root, "notebooks");
        if (!Directory.Exists(work))
        {
            Directory.CreateDirectory(work);
            foreach (var folder in Directory.GetDirectories(Path.Combine(PackedFeed.Repository, "data")))
            {
                var copy = Directory.CreateDirectory(Path.Combine(feed.Root, "data", Path.GetFileName(folder)));
                foreach (var file in Directory.GetFiles(folder))
                    File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
            }
        }
        return work;
    }

    private async Task<string> Installed()
    {
        var folder = Path.Combine(feed.Root, "kernel");
        if (!Directory.Exists(folder))
        {
            string[] words = ["tool", "install", Tool, "--version", ToolVersion, "--tool-path", folder];
            var (code, said) = await feed.DotNet(feed.Root, words);
            Assert.True(code == 0, said);
        }
        return Directory
            .GetFiles(folder, "Microsoft.DotNet.Interactive.App.dll", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Last();
    }

    private static IEnumerable<string> StoredViews(NotebookCell cell) =>
        from output in cell.Outputs
        let data = output?["data"]
        where data?["text/html"] is { } html && NotebookText.Join(html).Contains("<unipo-", StringComparison.Ordinal)
        select NotebookText.Join(data["text/plain"]!);
}

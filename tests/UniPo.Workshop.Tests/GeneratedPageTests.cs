using System.Globalization;
using UniPo.Workshop.Commands;
using UniPo.Workshop.Docs;
using UniPo.Workshop.Tests.Support;

namespace UniPo.Workshop.Tests;

/// <summary>The pages that are written from the code are those of the present code.</summary>
public sealed class GeneratedPageTests
{
    private static readonly string[] _rows =
    [
        .. Page("training.md").Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1),
    ];

    [Fact]
    public void The_page_of_objectives_is_current_or_workshop_docs_writes_it_anew() =>
        Assert.Equal(ObjectivesPage.Write(ObjectiveExports.TrainersOf), Page("objectives.md"));

    [Fact]
    public void The_glossary_is_current_or_workshop_docs_writes_it_anew() =>
        Assert.Equal(GlossaryPage.Write(), Page("glossary.md"));

    [Fact]
    public void The_page_of_training_has_a_row_for_every_algorithm_with_the_settings_of_the_code() =>
        Assert.Equal(
            TrainingRecipe.All.Select(TrainingPage.Label),
            _rows.Select(row => string.Join('|', row.Split('|')[..4]) + "|")
        );

    [Fact]
    public void Every_algorithm_improves_held_out_accuracy_beyond_the_spread_of_its_seeds()
    {
        foreach (var row in _rows)
        {
            string[] cells = [.. row.Split('|', StringSplitOptions.TrimEntries)];
            double before = Number(cells[4]),
                after = Number(cells[5]),
                low = Number(cells[6].Split('(')[1].Split(' ')[0]);
            Assert.True(after > before && low > 0, row);
        }
    }

    [Fact]
    public void The_page_of_training_needs_every_comparison() =>
        Assert.Contains(
            "for each of the 23 recipes, but there were 0",
            Assert.Throws<ArgumentException>(() => TrainingPage.Write([])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_notices_are_current_or_workshop_notices_writes_them_anew() =>
        Assert.Equal(
            NoticesPage.Write(NoticesCommand.Dependencies, NoticesCommand.Packages),
            File.ReadAllText(Path.Combine(Repository.Root, "THIRD-PARTY-NOTICES.md"))
        );

    [Fact]
    public async Task The_command_writes_the_pages_of_this_repository()
    {
        using var folder = new TemporaryFolder();
        var call = await Call.Workshop("docs", "--output", folder.Path);
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.All(["objectives.md", "glossary.md"], name => Assert.Equal(Page(name), File.ReadAllText(folder[name])));
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", name));

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}

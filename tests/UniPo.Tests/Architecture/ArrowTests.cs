using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace UniPo.Tests.Architecture;

/// <summary>
/// The house has rooms, and arrows between them point one way. These tests read the sources, not the documentation.
/// </summary>
public sealed class ArrowTests
{
    private static readonly string[] _projectFiles =
    [
        // Only those directly in a project's folder: what a template holds is the project of whoever uses the template.
        .. new[] { "src", "tools" }
            .SelectMany(f => Directory.GetDirectories(Repository.Path(f)))
            .SelectMany(f => Directory.GetFiles(f, "*.csproj")),
    ];

    public static TheoryData<string> Projects => [.. _projectFiles.Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Fact]
    public void Every_arrow_between_rooms_and_projects_points_towards_the_foundation()
    {
        var wrong = SourceArrows
            .All.Where(a => !HousePlan.Allows(a.From, a.To) && !IsDoorOfTheEngine(a))
            .Select(a => $"{a.File}: {a.From} uses {a.Type} of {a.To}")
            .Distinct()
            .ToArray();
        Assert.True(wrong.Length == 0, "These files reach into a later room:\n" + string.Join("\n", wrong.Take(30)));
    }

    [Fact]
    public void The_reader_of_the_sources_sees_the_arrows_that_do_exist()
    {
        // Guards the test above: were the semantic model blind, no arrow would ever be wrong.
        Assert.Contains(SourceArrows.All, a => a is { From: "UniPo/Policies", To: "UniPo/Tokens" });
        Assert.Contains(SourceArrows.All, a => a is { From: "UniPo/Training", To: "UniPo/Objectives" });
        Assert.Contains(SourceArrows.All, a => a is { From: "UniPo.Interactive/Views", To: "UniPo/Training" });
        Assert.Contains(SourceArrows.All, a => a is { From: "UniPo.Cli/Commands", To: "UniPo.Cli/Training" });
        Assert.False(HousePlan.Allows("UniPo/Tokens", "UniPo/Training"));
        Assert.False(HousePlan.Allows("UniPo/Training", "UniPo.Interactive/Views"));
    }

    [Fact]
    public void Every_folder_of_a_project_with_ordered_rooms_is_in_the_plan()
    {
        var unknown = SourceArrows.Rooms.Where(room =>
            HousePlan.Split(room) is ({ Rooms.Length: > 0 } project, { Length: > 0 } folder)
            && !project.Rooms.SelectMany(r => r).Contains(folder)
        );
        Assert.Empty(unknown);
    }

    [Fact]
    public void The_engine_shows_nothing_of_itself()
    {
        var shown = SourceArrows
            .Sources(Path.Combine("src", "UniPo", "Engine"))
            .SelectMany(s =>
                s.Tree.GetRoot()
                    .DescendantNodes()
                    .OfType<BaseTypeDeclarationSyntax>()
                    .Where(t => t.Parent is BaseNamespaceDeclarationSyntax && t.Modifiers.Any(SyntaxKind.PublicKeyword))
                    .Select(t => t.Identifier.Text)
            );
        Assert.Empty(shown);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_projects_and_packages_of_the_plan(string name)
    {
        var (plan, _) = HousePlan.Split(name);
        var file = XDocument.Load(_projectFiles.Single(f => Path.GetFileNameWithoutExtension(f) == name));
        var projects = References("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r)!);
        Assert.Empty(projects.Except(plan.Uses));
        Assert.Empty(References("PackageReference").Except(plan.Packages));

        IEnumerable<string> References(string kind) =>
            file.Descendants(kind)
                .Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
                .Select(r => ((string)r.Attribute("Include")!).Replace('\\', '/'));
    }

    [Fact]
    public void No_type_name_hides_behind_an_empty_word()
    {
        string[] banned = ["Helper", "Utils", "Utilities", "Manager", "Common", "Data", "Info"];
        var names = SourceArrows
            .Sources("src", "tests", "tools")
            .SelectMany(s =>
                s.Tree.GetRoot()
                    .DescendantNodes()
                    .OfType<BaseTypeDeclarationSyntax>()
                    .Select(t => (s.File, Name: t.Identifier.Text))
            );
        Assert.DoesNotContain(
            names,
            n => banned.Any(b => n.Name.EndsWith(b, StringComparison.Ordinal) || n.Name.StartsWith(b, StringComparison.Ordinal))
        );
    }

    [Fact]
    public void No_room_of_the_engine_or_of_the_policies_holds_more_than_twenty_five_files()
    {
        var crowded = SourceArrows
            .Sources(Path.Combine("src", "UniPo", "Engine"), Path.Combine("src", "UniPo", "Policies"))
            .GroupBy(s => Path.GetDirectoryName(s.File))
            .Where(room => room.Count() > 25)
            .Select(room => room.Key);
        Assert.Empty(crowded);
    }

    [Fact]
    public void Nothing_is_written_or_read_by_reflection_so_that_trimmed_programs_work()
    {
        var users = SourceArrows
            .Sources(Path.Combine("src", "UniPo"))
            .Where(s => s.Tree.GetRoot().DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.Text == "JsonSerializer"))
            .Select(s => s.File);
        Assert.Empty(users);
    }

    /// <summary>The transformer that users see is the one door to the passes that compute it.</summary>
    private static bool IsDoorOfTheEngine(Arrow arrow) =>
        arrow.To is "UniPo/Engine/Weights" or "UniPo/Engine/Passes"
        && Path.GetFileName(arrow.File).StartsWith("TinyTransformer", StringComparison.Ordinal);
}

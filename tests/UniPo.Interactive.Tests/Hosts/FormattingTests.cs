using Microsoft.DotNet.Interactive.Formatting;
using UniPo.Interactive.Tests.Views;

namespace UniPo.Interactive.Tests.Hosts;

/// <summary>The views and the library's records through the real formatter of .NET Interactive.</summary>
[Collection(nameof(FormattingTests))] // the formatter's registrations are one table for the process
public sealed class FormattingTests
{
    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void View_is_sent_as_html_and_as_text(string name)
    {
        var view = EveryView.Example(name);
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(view.GetType()));
        Assert.EndsWith(view.ToHtml(), view.ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Equal(view.ToString(), view.ToDisplayString("text/plain"));
    }

    [Fact]
    public void View_survives_a_reset_of_the_formatter()
    {
        Formatter.ResetToDefault();
        Assert.Contains("<unipo-learning-curves", Sample.Run().Curves().ToDisplayString("text/html"), StringComparison.Ordinal);
        Notebook.Register();
    }

    [Fact]
    public void Records_of_the_library_show_as_their_picture()
    {
        Notebook.Register();
        Assert.Contains("<unipo-learning-curves", Sample.Run().ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Contains("<unipo-token-table", Sample.Sums().ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Contains("<unipo-token-table", Sample.Grpo(Sample.Sums()).ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Contains("<unipo-record-table", Sample.Run().Header.ToDisplayString("text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_of_records_show_as_one_table()
    {
        Notebook.Register();
        Assert.Contains(
            "<unipo-record-table",
            Sample.Run().Steps.ToArray().ToDisplayString("text/html"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<unipo-record-table",
            Sample.Run().Steps.Where(s => s.Step > 2).ToDisplayString("text/html"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<unipo-learning-curves",
            new List<TrainingRun> { Sample.Run(), Sample.Run(seed: 8) }.ToDisplayString("text/html"),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "5 training steps",
            Sample.Run(5).Steps.ToArray().ToDisplayString("text/plain"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Registering_twice_changes_nothing()
    {
        var first = Notebook.Register();
        Assert.Equal(first, Notebook.Register());
        Assert.DoesNotContain('\n', first);
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(TrainingRun)));
    }

    public static TheoryData<Type> PublicTypes =>
        [
            .. typeof(TrainingRun)
                .Assembly.GetExportedTypes()
                .Where(t =>
                    !t.IsEnum
                    && !t.IsInterface
                    && !(t.IsAbstract && t.IsSealed)
                    && !t.ContainsGenericParameters
                    && !typeof(Delegate).IsAssignableFrom(t)
                    && !typeof(Exception).IsAssignableFrom(t)
                    && !t.IsByRefLike
                ),
        ];

    [Theory, MemberData(nameof(PublicTypes))]
    public void No_public_type_of_the_library_falls_to_the_hosts_tree(Type type)
    {
        Notebook.Register();
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(type));
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(type.MakeArrayType()));
    }

    [Fact]
    public void View_that_cannot_be_drawn_says_why_and_does_not_fail_the_cell()
    {
        var broken = Sample.Run() with { Steps = null! };
        Assert.Contains("could not be drawn", broken.ToDisplayString("text/html"), StringComparison.Ordinal);
    }
}

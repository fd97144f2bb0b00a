using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;
using UniPo.Interactive.Tests.Views;

namespace UniPo.Interactive.Tests.Hosts;

/// <summary>
/// A view as the last expression of a cell and by <c>Display()</c>: both ask the formatter for every MIME type that the value
/// prefers.
/// </summary>
[Collection(nameof(FormattingTests))]
public sealed class DisplayTests
{
    /// <summary>Every type that is a view, those included that only the library makes.</summary>
    public static TheoryData<Type> ViewTypes => [.. typeof(View).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(View)))];

    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void Cell_shows_html_and_text_in_one_output(string name)
    {
        var view = EveryView.Example(name);
        // What the host does with the last expression of a cell and with Display(): each MIME type that the type prefers.
        var shown = Formatter
            .GetPreferredMimeTypesFor(view.GetType())
            .Select(type => (MimeType: type, Value: ((object)view).ToDisplayString(type)))
            .ToArray();
        Assert.Equal(["text/html", "text/plain"], shown.Select(s => s.MimeType));
        Assert.EndsWith("</unipo-" + Element(view) + ">", shown[0].Value, StringComparison.Ordinal);
        Assert.Equal(view.ToString(), shown[1].Value);
    }

    [Theory, MemberData(nameof(ViewTypes))]
    public void DotNet_Interactive_finds_the_formatters_by_the_attributes_name_and_shape(Type type)
    {
        var attribute = Assert.Single(
            type.GetCustomAttributes(inherit: true),
            a => a.GetType().Name == "TypeFormatterSourceAttribute"
        );
        var source = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        var formatters = (
            (IEnumerable<object>)source.GetMethod("CreateTypeFormatters")!.Invoke(Activator.CreateInstance(source), [])!
        ).ToArray();
        Assert.Equal(
            (string[])attribute.GetType().GetProperty("PreferredMimeTypes")!.GetValue(attribute)!,
            formatters.Select(f => (string)f.GetType().GetProperty("MimeType")!.GetValue(f)!)
        );
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(type));
    }

    [Theory, MemberData(nameof(ViewTypes))]
    public void Verso_finds_a_public_parameterless_ToHtml_that_gives_text(Type type)
    {
        var method = type.GetMethod(
            "ToHtml",
            BindingFlags.Public | BindingFlags.Instance,
            binder: null,
            Type.EmptyTypes,
            modifiers: null
        );
        Assert.Equal(typeof(string), method?.ReturnType);
        Assert.False(method!.IsGenericMethod);
        Assert.True(method.IsPublic && !method.IsStatic);
    }

    [Fact]
    public void Value_of_a_plain_console_is_its_text() =>
        Assert.All(
            EveryView.All,
            v => Assert.Equal(v.ToString(), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{v}"))
        );

    private static string Element(View view) =>
        System.Text.RegularExpressions.Regex.Match(view.Markup(), "^<unipo-([a-z-]+)").Groups[1].Value;
}

using System.Reflection;
using UniPo.Interactive.Hosts;
using UniPo.Interactive.Tests.Views;

namespace UniPo.Interactive.Tests.Hosts;

/// <summary>The shape by which notebook hosts find a view, read by reflection as they read it.</summary>
public sealed class ConventionTests
{
    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void View_carries_the_attribute_that_dotnet_interactive_finds_by_name(string name)
    {
        var attribute = EveryView
            .Example(name)
            .GetType()
            .GetCustomAttributes(inherit: true)
            .Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        Assert.Equal(
            ["text/html", "text/plain"],
            (string[])attribute.GetType().GetProperty("PreferredMimeTypes")!.GetValue(attribute)!
        );
        Assert.NotNull(attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute));
    }

    [Fact]
    public void Formatter_source_has_the_shape_that_dotnet_interactive_calls()
    {
        Assert.NotNull(typeof(ViewFormatterSource).GetConstructor(BindingFlags.Public | BindingFlags.Instance, []));
        foreach (var formatter in new ViewFormatterSource().CreateTypeFormatters())
        {
            Assert.IsType<string>(formatter.GetType().GetProperty("MimeType")!.GetValue(formatter));
            var format = formatter
                .GetType()
                .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Single(m => m.Name == "Format");
            Assert.Equal(typeof(bool), format.ReturnType);
            Assert.Equal([typeof(object), typeof(TextWriter)], format.GetParameters().Select(p => p.ParameterType));
        }
    }

    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void View_has_the_public_method_that_Verso_calls(string name)
    {
        var method = EveryView.Example(name).GetType().GetMethod("ToHtml", BindingFlags.Public | BindingFlags.Instance, []);
        Assert.Equal(typeof(string), method!.ReturnType);
    }
}

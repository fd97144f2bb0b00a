using System.Text.RegularExpressions;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The committed script: current, small, and harmless on any page.</summary>
public sealed class BundleTests
{
    [Fact]
    public async Task Committed_bundle_equals_a_fresh_build_of_the_sources() =>
        Assert.Contains("is current", await NodeScripts.NodeAsync(["build.mjs", "--check"]), StringComparison.Ordinal);

    [Fact]
    public async Task Sources_pass_the_strict_type_check() =>
        Assert.Equal("", await NodeScripts.NodeAsync(["node_modules/typescript/bin/tsc", "--noEmit"]));

    [Fact]
    public async Task Sources_are_formatted() =>
        Assert.Contains(
            "All matched files use Prettier code style!",
            await NodeScripts.NodeAsync(["node_modules/prettier/bin/prettier.cjs", "--check", "."]),
            StringComparison.Ordinal
        );

    [Fact]
    public void Bundle_stays_below_96_KB() =>
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(WidgetBundle.Code), 100, 96 * 1024);

    [Theory]
    [InlineData(@"</script")]
    [InlineData(@"<!--")]
    [InlineData(@"\beval\(")]
    [InlineData(@"\bFunction\(")]
    [InlineData(@"\bimport\(")]
    [InlineData(@"https?:(?!//www\.w3\.org)")]
    [InlineData(@"\b(?:fetch|XMLHttpRequest|WebSocket|sendBeacon|localStorage|sessionStorage|document\.cookie)\b")]
    [InlineData(@"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b")]
    public void Bundle_contains_nothing_that_could_load_evaluate_store_or_inject(string pattern) =>
        Assert.DoesNotMatch(new Regex(pattern, RegexOptions.IgnoreCase), WidgetBundle.Code);

    [Fact]
    public void Lock_file_names_no_host_and_only_exact_versions()
    {
        var package = File.ReadAllText(Path.Combine(NodeScripts.Folder, "package.json"));
        var locked = File.ReadAllText(Path.Combine(NodeScripts.Folder, "package-lock.json"));

        Assert.DoesNotContain("http", locked, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@":\s*""[\^~]", package);
    }

    [Fact]
    public void Script_is_sent_once_a_session()
    {
        var bundle = new WidgetBundle();

        Assert.Equal(WidgetBundle.Element, bundle.ForOutput());
        Assert.Equal("", bundle.ForOutput());
    }

    [Fact]
    public void Cell_that_carried_the_script_carries_it_again_when_it_runs_again()
    {
        var bundle = new WidgetBundle();

        Assert.NotEqual("", bundle.ForOutput("batch.Tokens()"));
        Assert.Equal("", bundle.ForOutput("run.Curves()"));
        Assert.NotEqual("", bundle.ForOutput("batch.Tokens()"));
    }

    [Fact]
    public void Bundle_carries_the_version_of_the_package() =>
        Assert.Contains($"\"{WidgetBundle.Version}\"", WidgetBundle.Code, StringComparison.Ordinal);
}

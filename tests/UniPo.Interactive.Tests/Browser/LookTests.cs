using Microsoft.Playwright;
namespace UniPo.Interactive.Tests;
[Collection(BrowserTests.Name)]
public sealed class LookTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Look()
    {
        var views = new Dictionary<string, string> {
            ["tokens"] = Sample.Grpo(Sample.Sums()).Tokens().ToHtml() + Sample.Sums().Tokens().ToHtml(),
            ["tokens-large"] = Sample.Grpo(Sample.Large()).Tokens().ToHtml(),
            ["curves"] = Sample.Run(passes: 2).Curves().ToHtml(),
            ["curves-many"] = new[]{Sample.Run(seed:1),Sample.Run(seed:2),Sample.Run(seed:3),Sample.Run(seed:1,algorithm:"Dr. GRPO",speed:2),Sample.Run(seed:2,algorithm:"Dr. GRPO",speed:2)}.Curves().ToHtml(),
            ["records"] = RecordTable.Of(Sample.Run().Header).ToHtml() + Sample.Run().Steps.Take(4).ToArray().Show().ToHtml(),
        };
        foreach (var (name, html) in views)
            foreach (var theme in new[]{HostTheme.Light, HostTheme.Dark})
            foreach (var width in new[]{1100, 380})
            {
                await using var page = await ViewPage.OpenAsync(fixture, theme, width, false, html);
                await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = $"/tmp/shots/{name}-{theme}-{width}.png", FullPage = true, Scale = ScreenshotScale.Css });
            }
        File.WriteAllText("/tmp/shots/text.txt", string.Join("\n\n=====\n", Sample.Grpo(Sample.Sums()).Tokens().ToString(), Sample.Sums().Tokens().ToString(), Sample.Run(passes:2).Curves().ToString(),
          new[]{Sample.Run(seed:1),Sample.Run(seed:2),Sample.Run(seed:1,algorithm:"Dr. GRPO",speed:2)}.Curves().ToString(), RecordTable.Of(Sample.Run().Header).ToString(), Sample.Run().Steps.Take(4).Show().ToString()));
        foreach (var (name, html) in views) Console.WriteLine($"{name} {html.Length}");
    }
}

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>A page as a notebook makes it: the script with the first output, views below it.</summary>
internal static class WidgetPage
{
    public static Task<ViewPage> OpenAsync(BrowserFixture fixture, params View[] views) =>
        OpenAsync(fixture, HostTheme.Light, 1100, views);

    public static async Task<ViewPage> OpenAsync(BrowserFixture fixture, HostTheme theme, int width, params View[] views)
    {
        var page = await ViewPage.OpenAsync(
            fixture,
            theme,
            width,
            scripts: true,
            [WidgetBundle.Element, .. views.Select(v => v.Markup())]
        );
        Assert.Equal(
            "",
            await page.Page.EvaluateAsync<string>(
                """
                () => [...document.querySelectorAll('.unipo')].filter(v => v.querySelector(':scope > .unipo-payload') && !v.dataset.ready)
                  .map(v => v.localName + ': ' + v.dataset.failed).join('\n')
                """
            )
        );
        return page;
    }

    /// <summary>Number of elements that can be reached with Tab inside the first view.</summary>
    public const string TabStops = """
        () => [...document.querySelector('.unipo').querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
          .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility()).length
        """;
}

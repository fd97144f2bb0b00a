using Microsoft.Playwright;

namespace UniPo.Interactive.Tests.Browser;

/// <summary>Finds what makes a page scroll sideways.</summary>
internal static class Wide
{
    // Elements that reach beyond the page. What lies in a box that scrolls by itself does not move the page.
    private const string Elements = """
        () => {
          const inside = e => { for (let p = e.parentElement; p; p = p.parentElement) if (getComputedStyle(p).overflowX !== 'visible') return true; return false; };
          return [...document.querySelectorAll('.unipo *')].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1 && !inside(e)).slice(0, 8)
            .map(e => `${e.closest('.unipo').localName} ${e.localName}.${e.getAttribute('class')}: ${Math.round(e.getBoundingClientRect().right)} of ${innerWidth}`);
        }
        """;

    private const string Scroll =
        "() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)";

    /// <summary>Fails with the elements that are too wide, or when the page can be scrolled sideways at all.</summary>
    public static async Task AssertNothing(IPage page)
    {
        Assert.Empty(await page.EvaluateAsync<string[]>(Elements));
        Assert.Equal(0, await page.EvaluateAsync<int>(Scroll));
    }
}

using Microsoft.Playwright;
using SkiaSharp;
using UniPo.Cli;
using UniPo.Cli.Doctor;

namespace UniPo.Workshop.Gallery;

/// <summary>Takes pictures of views on pages, in the machine's own Chromium.</summary>
internal sealed class Photographer : IAsyncDisposable
{
    // Twice the pixels of a plain screen would double the files and show nothing more; one and a half keep text crisp.
    private const float Scale = 1.5f;

    // From 0 to 100. Letters on coloured tokens are as crisp as in the browser's PNG, at a third of its bytes.
    private const float Quality = 80;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Photographer(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts the browser.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static async Task<Photographer> Start()
    {
        var program =
            Chromium.Find()
            ?? throw new UsageException(
                "No Chromium was found, so no pictures can be taken. Install it (Debian: apt-get install chromium), set UNIPO_CHROMIUM to its path, or say --pages-only."
            );
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = program,
                // The browser's sandbox does not work for the superuser; the pages shown are our own.
                ChromiumSandbox = !Environment.IsPrivilegedProcess,
                Args = ["--disable-gpu", "--hide-scrollbars", "--disable-lcd-text", "--font-render-hinting=none"],
            }
        );
        return new Photographer(playwright, browser);
    }

    /// <summary>The picture of a page's view as a WebP file.</summary>
    /// <param name="path">The page.</param>
    /// <param name="picture">What is on it.</param>
    /// <param name="dark">True for the dark colours.</param>
    public async Task<byte[]> Take(string path, Picture picture, bool dark)
    {
        await using var context = await _browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = picture.Width, Height = 800 },
                DeviceScaleFactor = Scale,
                ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(Path.GetFullPath(path)).AbsoluteUri);
        var height = await page.EvaluateAsync<int>("Math.ceil(document.documentElement.scrollHeight)");
        await page.SetViewportSizeAsync(picture.Width, height);
        if (picture.Before.Length > 0)
            await page.EvaluateAsync(picture.Before);
        await Painted(page);
        var box =
            await page.Locator(".output > *").First.BoundingBoxAsync()
            ?? throw new InvalidOperationException($"{path} shows no view.");
        var png = await page.ScreenshotAsync(
            new()
            {
                FullPage = true,
                Clip = new()
                {
                    X = MathF.Round(box.X),
                    Y = MathF.Round(box.Y),
                    Width = MathF.Round(box.Width),
                    Height = MathF.Min(MathF.Round(box.Height), picture.Height),
                },
            }
        );
        return Encode(png);
    }

    private static byte[] Encode(byte[] png)
    {
        using var bitmap = SKBitmap.Decode(png);
        using var pixels = bitmap.PeekPixels();
        using var webp =
            pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, Quality))
            ?? throw new InvalidOperationException($"A picture of {bitmap.Width} × {bitmap.Height} pixels could not be written.");
        return webp.ToArray();
    }

    // Painted twice: what changes later changes by a reader's hand only.
    private static Task Painted(IPage page) =>
        page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

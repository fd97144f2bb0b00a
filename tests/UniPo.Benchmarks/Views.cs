using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using UniPo.Interactive;

namespace UniPo.Benchmarks;

/// <summary>
/// The views in Chromium: how large they are, when the explorer of a long run is first painted, how soon a slider's move is on
/// the screen.
/// </summary>
internal static class Views
{
    private const int Moves = 60;

    // A new window makes the browser build its own surface (address bar and more are pages, too), which takes both processors
    // for a second. Readers open a page in a window that stands.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    public static async Task<int> Run(int rounds)
    {
        var explorer = ViewSamples.LongRun().Explore();
        Sizes(explorer);
        using var playwright = await Playwright.CreateAsync();
        await using (var browser = await LaunchAsync(playwright))
        {
            Console.WriteLine($"\nTimes in Chromium {browser.Version}, {Environment.ProcessorCount} processors; milliseconds");
            Console.WriteLine($"{"", -58} {"median", 8} {"worst", 8} {"target", 8}");
            await FirstPaint(browser, "a page of one word", OneWord, null, rounds);
            await FirstPaint(browser, "explorer of 500 steps", ViewSamples.Page(explorer), 300, rounds);
        }
        // Without a frame rate, so that a time is work and not waiting for the next frame.
        await using (var browser = await LaunchAsync(playwright, "--disable-frame-rate-limit", "--disable-gpu-vsync"))
            await Slider(browser);
        return 0;
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright, params string[] more) =>
        playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Executable(),
                Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", .. more],
            }
        );

    private static void Sizes(View explorer)
    {
        Console.WriteLine("Sizes in KB, beyond the script that a page has once");
        Line("script of all views", ViewSamples.Script.Length, 96);
        Line("explorer of 500 steps (40 of them with 2 × 16 × 24 tokens)", Bytes(explorer), 2500);
        foreach (var (name, view) in ViewSamples.Defaults())
            Line(name, Bytes(view), 64);

        static void Line(string name, double bytes, int limit) =>
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name, -58} {bytes / 1024, 8:0.0} {"", 8} {limit, 8}")
            );
        static int Bytes(View view) => Encoding.UTF8.GetByteCount(view.ToHtml());
    }

    private static async Task FirstPaint(IBrowser browser, string name, string html, double? target, int rounds)
    {
        var path = Path.Combine(Path.GetTempPath(), $"unipo-views-{Environment.ProcessId}.html");
        await File.WriteAllTextAsync(path, html);
        try
        {
            List<double> paint = [],
                ready = [],
                work = [];
            for (var round = 0; round < rounds + 2; round++)
            {
                await using var context = await browser.NewContextAsync(
                    new BrowserNewContextOptions
                    {
                        ViewportSize = new ViewportSize { Width = 1240, Height = 900 },
                    }
                );
                var page = await context.NewPageAsync();
                var clock = await MainThread.OpenAsync(page);
                await page.AddInitScriptAsync(Ready);
                await Task.Delay(Settling);
                await page.GotoAsync(new Uri(path).AbsoluteUri);
                await page.WaitForFunctionAsync(
                    "() => document.querySelector('.unipo').dataset.ready && performance.getEntriesByType('paint').length > 1"
                );
                var times = await page.EvaluateAsync<double[]>(
                    "() => [performance.getEntriesByName('first-contentful-paint')[0].startTime, window.readyAt]"
                );
                if (round < 2)
                    continue; // the browser itself warms up
                work.Add(await clock.ReadAsync());
                paint.Add(times[0]);
                ready.Add(times[1]);
            }

            Line($"{name}: first paint after navigation", paint, target);
            Line($"{name}: every control works", ready, null);
            Line($"{name}: processor time of all that", work, null);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // What a browser needs for any page at all on this machine.
    private const string OneWord =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>view</title></head><body><p class=\"unipo\">word</p><script>document.querySelector('.unipo').dataset.ready = 1</script></body></html>";

    // Notes when the view says that its script has done its work, which comes after the first picture.
    private const string Ready = """
        new MutationObserver(() => { if (!window.readyAt && document.querySelector('.unipo')?.dataset.ready) window.readyAt = performance.now(); })
          .observe(document, { subtree: true, attributes: true, attributeFilter: ['data-ready'] });
        """;

    private static async Task Slider(IBrowser browser)
    {
        await using var context = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = 1240, Height = 900 },
            }
        );
        var page = await context.NewPageAsync();
        await page.SetContentAsync(ViewSamples.Page(ViewSamples.FourThousandTokens().Explore() with { AllTokens = true }));
        await page.EvaluateAsync(
            "() => { const fold = document.querySelector('.inspector details'); fold.open = true; fold.scrollIntoView(); }"
        );
        await page.WaitForSelectorAsync(".inspector input[type=range]");
        var tokens = await page.Locator(".toks > span:not(.more)").CountAsync();
        var clock = await MainThread.OpenAsync(page);
        List<double> shown = [],
            work = [],
            settled = [];
        for (var move = 0; move < Moves; move++)
        {
            var before = await clock.ReadAsync();
            var first = await page.EvaluateAsync<double>(Move, move);
            var after = await clock.ReadAsync();
            var last = await page.EvaluateAsync<double>(Rest);
            if (move < 5)
                continue; // the browser itself warms up
            shown.Add(first);
            work.Add(after - before);
            settled.Add(last);
        }
        Line(string.Create(CultureInfo.InvariantCulture, $"slider moved: colours on the screen ({tokens:n0} tokens)"), shown, 16);
        Line("slider moved: processor time of that", work, null);
        Line("slider at rest: every number rewritten, after its 150 ms", settled, null);
    }

    // Moves the slider and waits until the frame with the new colours is painted.
    private const string Move = """
        move => new Promise(done => {
          const slider = document.querySelector('.inspector input[type=range]'), table = document.querySelector('.inspector table');
          window.changes = [];
          window.watch?.disconnect();
          window.watch = new MutationObserver(() => window.changes.push(performance.now()));
          window.watch.observe(table, { subtree: true, attributes: true, characterData: true, childList: true });
          window.start = performance.now();
          slider.value = String(move % 2 ? .02 + .3 * move / 60 : .6 - .4 * move / 60);
          slider.dispatchEvent(new Event('input', { bubbles: true }));
          requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => done(performance.now() - window.start); c.port2.postMessage(0); });
        })
        """;

    private const string Rest =
        "() => new Promise(done => setTimeout(() => done((window.changes.at(-1) ?? window.start) - window.start), 450))";

    private static void Line(string name, IReadOnlyList<double> times, double? target)
    {
        var sorted = times.Order().ToArray();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -58} {sorted[sorted.Length / 2], 8:0.0} {sorted[^1], 8:0.0} {target, 8:0}"
            )
        );
    }

    private static string Executable()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("UNIPO_CHROMIUM"),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        ];
        return places.FirstOrDefault(p => p is { Length: > 0 } && File.Exists(p))
            ?? throw new InvalidOperationException("No Chromium was found. Install it, or set UNIPO_CHROMIUM to its path.");
    }
}

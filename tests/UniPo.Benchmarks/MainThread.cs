using System.Text.Json;
using Microsoft.Playwright;

namespace UniPo.Benchmarks;

/// <summary>
/// Processor time that a page's main thread has taken: the same number on a busy machine and on a quiet one, which a clock on the
/// wall does not give.
/// </summary>
internal sealed class MainThread
{
    private readonly ICDPSession _session;

    private MainThread(ICDPSession session) => _session = session;

    /// <summary>Begins to measure a page.</summary>
    public static async Task<MainThread> OpenAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable", new Dictionary<string, object> { ["timeDomain"] = "threadTicks" });
        return new MainThread(session);
    }

    /// <summary>Milliseconds of tasks since the page was opened.</summary>
    public async Task<double> ReadAsync()
    {
        var answer =
            await _session.SendAsync("Performance.getMetrics")
            ?? throw new InvalidOperationException("The browser gave no metrics of its main thread.");
        return 1000
            * answer
                .GetProperty("metrics")
                .EnumerateArray()
                .Single(m => m.GetProperty("name").GetString() == "TaskDuration")
                .GetProperty("value")
                .GetDouble();
    }
}

using System.Text.Json.Nodes;

namespace UniPo.Cli.Gallery;

/// <summary>Takes pictures of views on pages.</summary>
/// <param name="tools">The browser.</param>
/// <param name="session">The browser's page.</param>
internal sealed class Photographer(DevTools tools, string session)
{
    // Twice the pixels of a plain screen would double the files and show nothing more; one and a half keep text crisp.
    private const double Scale = 1.5;

    /// <summary>A photographer with a page of its own.</summary>
    public static async Task<Photographer> In(Chromium browser, CancellationToken cancellationToken)
    {
        var target = await browser.Tools.Send(
            "Target.createTarget",
            new JsonObject { ["url"] = "about:blank" },
            null,
            cancellationToken
        );
        var attached = await browser.Tools.Send(
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true },
            null,
            cancellationToken
        );
        return new Photographer(browser.Tools, (string)attached["sessionId"]!);
    }

    /// <summary>The picture of a page's view as a PNG file.</summary>
    public async Task<byte[]> Take(string page, Picture picture, bool dark, CancellationToken cancellationToken)
    {
        await Size(picture.Width, 800, cancellationToken);
        await tools.Send(
            "Emulation.setEmulatedMedia",
            new JsonObject
            {
                ["features"] = new JsonArray(
                    new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" },
                    new JsonObject { ["name"] = "prefers-reduced-motion", ["value"] = "reduce" }
                ),
            },
            session,
            cancellationToken
        );
        await tools.Send(
            "Page.navigate",
            new JsonObject { ["url"] = new Uri(Path.GetFullPath(page)).AbsoluteUri },
            session,
            cancellationToken
        );
        await Settled(cancellationToken);
        var height = (int)(await tools.Evaluate("Math.ceil(document.documentElement.scrollHeight)", session, cancellationToken))!;
        await Size(picture.Width, height, cancellationToken);
        if (picture.Before.Length > 0)
            await tools.Evaluate(picture.Before, session, cancellationToken);
        await Settled(cancellationToken);
        var box = (
            await tools.Evaluate(
                "(() => { const b = document.querySelector('.output > *').getBoundingClientRect(); return [b.x + scrollX, b.y + scrollY, b.width, b.height].map(Math.round); })()",
                session,
                cancellationToken
            )
        )!.AsArray();
        var shot = await tools.Send(
            "Page.captureScreenshot",
            new JsonObject
            {
                ["format"] = "png",
                ["captureBeyondViewport"] = true,
                ["clip"] = new JsonObject
                {
                    ["x"] = (double)box[0]!,
                    ["y"] = (double)box[1]!,
                    ["width"] = (double)box[2]!,
                    ["height"] = Math.Min((double)box[3]!, picture.Height),
                    ["scale"] = 1,
                },
            },
            session,
            cancellationToken
        );
        return PalettePng.Write(Pixels.Read(Convert.FromBase64String((string)shot["data"]!)));
    }

    private Task<JsonNode> Size(int width, int height, CancellationToken cancellationToken) =>
        tools.Send(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject
            {
                ["width"] = width,
                ["height"] = height,
                ["deviceScaleFactor"] = Scale,
                ["mobile"] = false,
            },
            session,
            cancellationToken
        );

    // Loaded, script run, and painted twice: what changes later changes by a reader's hand only.
    private Task<JsonNode?> Settled(CancellationToken cancellationToken) =>
        tools.Evaluate(
            """
            new Promise(done => {
              const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
              if (document.readyState === 'complete') painted(); else addEventListener('load', painted);
            })
            """,
            session,
            cancellationToken
        );
}

namespace UniPo.Interactive.Tests;

/// <summary>What each host puts around an output: its variables, its body marks and its bare rules for tables.</summary>
internal static class HostPage
{
    // .NET Interactive ships rules of this kind with its own outputs; ours must out-rank them.
    private const string KernelRules =
        "table td, table th { text-align: center; padding: 40px; background: #ff00ff; } table { border: 9px solid red; }";

    private const string JupyterRules =
        ".jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon th { text-align: right; padding: 0.5em 0.5em; max-width: none; } "
        + ".jp-RenderedHTMLCommon tbody tr:nth-child(odd) { background: #00ff00; } .jp-RenderedHTMLCommon tbody tr:hover { background: #00ff00; }";

    public static string Around(HostTheme theme, params string[] outputs)
    {
        var (body, variables, background, common) = theme switch
        {
            HostTheme.VsCodeLight => ("class=\"vscode-light\"", Variables("vscode", "#3b3b3b", "#ffffff"), "#ffffff", ""),
            HostTheme.VsCodeDark => ("class=\"vscode-dark\"", Variables("vscode", "#cccccc", "#1f1f1f"), "#1f1f1f", ""),
            HostTheme.VsCodeHighContrast => (
                "class=\"vscode-high-contrast\"",
                Variables("vscode", "#ffffff", "#000000") + "--vscode-contrastBorder:#6fc3df;",
                "#000000",
                ""
            ),
            HostTheme.JupyterLight => (
                "data-jp-theme-light=\"true\"",
                Variables("jp", "rgba(0,0,0,.87)", "#ffffff"),
                "#ffffff",
                "jp-RenderedHTMLCommon"
            ),
            HostTheme.JupyterDark => (
                "data-jp-theme-light=\"false\"",
                Variables("jp", "rgba(255,255,255,1)", "#111111"),
                "#111111",
                "jp-RenderedHTMLCommon"
            ),
            HostTheme.Dark => ("", "", "#17191e", ""),
            _ => ("", "", "#ffffff", ""),
        };
        var cells = string.Join("\n", outputs.Select(o => $"<div class=\"{common}\">{o}</div>"));
        return $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>views</title><style>:root{{{variables}}}body{{margin:24px;background:{background}}}{KernelRules}{JupyterRules}</style></head>"
            + $"<body {body}><main><h1 style=\"position:absolute;left:-9999px\">views</h1>{cells}</main></body></html>";
    }

    private static string Variables(string host, string foreground, string background) =>
        host == "vscode"
            ? $"--vscode-editor-foreground:{foreground};--vscode-editor-background:{background};--vscode-font-family:\"Liberation Sans\",sans-serif;--vscode-editor-font-family:\"DejaVu Sans Mono\",monospace;"
            : $"--jp-content-font-color1:{foreground};--jp-layout-color0:{background};--jp-content-font-family:\"Liberation Sans\",sans-serif;--jp-code-font-family:\"DejaVu Sans Mono\",monospace;";
}

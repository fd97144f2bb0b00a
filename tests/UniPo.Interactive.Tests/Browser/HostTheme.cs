namespace UniPo.Interactive.Tests;

/// <summary>The pages our outputs land in: what each host puts around them.</summary>
public enum HostTheme
{
    Light,
    Dark,
    HighContrast,
    VsCodeLight,
    VsCodeDark,
    VsCodeHighContrast,
    JupyterLight,
    JupyterDark,
}

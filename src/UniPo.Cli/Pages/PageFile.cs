namespace UniPo.Cli.Pages;

/// <summary>Writes a page beside its place first, so that a full disk leaves the page that was there.</summary>
internal static class PageFile
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="html">The page.</param>
    public static void Write(string path, string html)
    {
        var beside = path + ".part";
        try
        {
            File.WriteAllText(beside, html);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}

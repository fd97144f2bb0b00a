namespace UniPo.Interactive;

/// <summary>The line above a view that has no caption of its own.</summary>
internal static class ViewHeading
{
    /// <summary>Writes what is shown and, smaller, what of it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="title">What is shown.</param>
    /// <param name="sub">How much, of whom, or what to make of it; null for nothing.</param>
    public static void Heading(this HtmlWriter html, string title, string? sub = null)
    {
        html.Open("div").Element("span", title, ("class", "title"));
        if (sub is not null)
            html.Text(" ").Element("span", sub, ("class", "sub"));
        html.Close().Line();
    }
}

namespace UniPo.Interactive.Hosts;

/// <summary>Writes anything UniPo can show into a host's output.</summary>
internal static class Formats
{
    /// <summary>Writes HTML; false when the value is nothing UniPo knows.</summary>
    public static bool Html(object? value, TextWriter writer) => Write(value, writer, Html);

    /// <summary>Writes plain text; false when the value is nothing UniPo knows.</summary>
    public static bool Plain(object? value, TextWriter writer) => Write(value, writer, v => v.ToString());

    private static string Html(View view)
    {
        var markup = view.Markup();
        return Scripts.ForCell(markup) + markup;
    }

    // A formatter that throws fails the reader's whole cell, although the computation behind it succeeded; so a view that
    // cannot be drawn becomes a sentence that says so, with the reason in full.
    private static bool Write(object? value, TextWriter writer, Func<View, string> format)
    {
        if (value is null || Show.ViewOf(value) is not { } view)
            return false;
        try
        {
            writer.Write(format(ShownRuns.Instead(view)));
        }
        catch (Exception fault)
        {
            writer.Write(format(new Sentence($"This {value.GetType().Name} could not be drawn: {fault.Message}")));
        }
        return true;
    }
}

namespace UniPo;

/// <summary>Names in a message: a few of many, and how many there are.</summary>
internal static class Examples
{
    private const int Most = 40,
        Longest = 300;

    /// <summary>All names where they are few; else the first ones and a count.</summary>
    /// <param name="names">What there is.</param>
    /// <param name="count">How many.</param>
    /// <param name="separator">Between two names.</param>
    public static string Of(IEnumerable<string> names, int count, string separator = ", ")
    {
        var shown = new List<string>();
        var length = 0;
        foreach (var name in names.Take(Most))
        {
            if (shown.Count > 0 && (length += name.Length + separator.Length) > Longest)
                break;
            shown.Add(name.Length > Longest ? name[..Longest] + "…" : name);
        }
        return string.Join(separator, shown) + (shown.Count < count ? $" … ({count} in all)" : "");
    }
}

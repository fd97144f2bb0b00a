namespace UniPo.Cli.Terminal;

/// <summary>Finds the name that was meant.</summary>
internal static class Nearest
{
    /// <summary>A question such as <c> Did you mean grpo?</c>, or nothing when no name is near.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="names">What there is.</param>
    public static string Question(string typed, IEnumerable<string> names) =>
        Of(typed, names) is { } name ? $" Did you mean {name}?" : "";

    /// <summary>The name that differs from the typed one by the fewest letters; null when none is near.</summary>
    public static string? Of(string typed, IEnumerable<string> names)
    {
        if (typed.Length > 60)
            return null;
        var near = names
            .Select(name => (Name: name, Distance: Distance(typed.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(n => n.Distance <= Math.Max(1, Math.Min(typed.Length, n.Name.Length) / 3))
            .OrderBy(n => n.Distance)
            .ThenBy(n => n.Name, StringComparer.Ordinal)
            .ToList();
        return near.Count > 0 ? near[0].Name : null;
    }

    /// <summary>Letters to insert, leave out, replace, or swap with their neighbour (Damerau 1964).</summary>
    internal static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        for (var j = 1; j <= b.Length; j++)
        {
            var replaced = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i, j] = Math.Min(replaced, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
        }

        return cost[a.Length, b.Length];
    }
}

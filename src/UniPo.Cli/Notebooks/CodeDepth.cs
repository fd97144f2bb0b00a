namespace UniPo.Cli.Notebooks;

/// <summary>How deeply brackets are nested in a text: the compiler reads them by recursion, and a stack that is full ends the process.</summary>
internal static class CodeDepth
{
    private const int Deepest = 300;
    private const int Longest = 500_000;

    /// <summary>True for a text that the compiler can be given.</summary>
    public static bool IsReadable(string code)
    {
        var (depth, deepest) = (0, 0);
        foreach (var character in code)
        {
            if (character is '(' or '[' or '{' or '<')
                deepest = Math.Max(deepest, ++depth);
            else if (character is ')' or ']' or '}' or '>')
                depth = Math.Max(0, depth - 1);
        }

        return deepest <= Deepest && code.Length <= Longest;
    }
}

namespace UniPo.Interactive;

/// <summary>
/// Which colour, dashes and marker a line has. An algorithm has the same ones in every view of the course, and none of them is a
/// colour of push (purple and orange).
/// </summary>
internal static class Looks
{
    // Those that lessons put side by side are as far apart as can be; any other algorithm begins where its name says.
    private static readonly string[] _known = ["GRPO", "DAPO", "Dr. GRPO", "REINFORCE", "PPO", "RLOO", "GSPO", "DPO"];

    /// <summary>One look for each line; two lines of a picture share one only when there are more lines than looks.</summary>
    /// <param name="algorithms">Name of the algorithm of each line, or of whatever the line is.</param>
    public static int[] Of(params IReadOnlyList<string> algorithms)
    {
        var looks = new int[algorithms.Count];
        var taken = new HashSet<int>();
        // First those that have a look of their own, so that no stranger takes it.
        foreach (var known in new[] { true, false })
            for (var i = 0; i < looks.Length; i++)
                if (Array.IndexOf(_known, algorithms[i]) >= 0 == known)
                {
                    if (taken.Count == Palette.Series)
                        taken.Clear();
                    looks[i] = Free(First(algorithms[i]), taken);
                    taken.Add(looks[i]);
                }
        return looks;
    }

    private static int First(string algorithm) =>
        Array.IndexOf(_known, algorithm) is >= 0 and var known ? known
        : Algorithms.All.Any(a => a.Name == algorithm) ? algorithm.Sum(c => c) % Palette.Series
        : 0;

    private static int Free(int wanted, HashSet<int> taken)
    {
        while (taken.Contains(wanted))
            wanted = (wanted + 1) % Palette.Series;
        return wanted;
    }
}

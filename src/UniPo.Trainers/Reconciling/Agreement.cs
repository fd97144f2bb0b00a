using System.Globalization;

namespace UniPo;

/// <summary>How well a logged number and a computed one fit together.</summary>
public enum Agreement
{
    /// <summary>The same to what a log's digits allow.</summary>
    Agrees,

    /// <summary>Nearly the same: rounding of half precision, or a small constant.</summary>
    Close,

    /// <summary>Another number.</summary>
    Differs,
}

/// <summary>A column that was logged and is computed anew.</summary>
/// <param name="Name">What it is: advantage, ratio, weight.</param>
/// <param name="Compared">How many numbers were compared.</param>
/// <param name="Largest">Largest difference, as a share of the largest logged number; 0 is equal.</param>
/// <param name="At">Where the largest difference lies: response and token, from 0.</param>
/// <param name="Logged">The logged number there.</param>
/// <param name="Computed">The computed number there.</param>
public sealed record ReconciledColumn(
    string Name,
    int Compared,
    double Largest,
    (int Response, int Token) At,
    double Logged,
    double Computed
)
{
    // Logs hold single precision, seven digits; sums over a group lose one or two.
    private const double Same = 2e-4,
        Near = 0.02;

    /// <summary>The verdict.</summary>
    public Agreement Agreement =>
        Largest <= Same ? Agreement.Agrees
        : Largest <= Near ? Agreement.Close
        : Agreement.Differs;

    /// <summary>The verdict as a sign: = agrees, ≈ close, ≠ differs.</summary>
    public string Mark =>
        Agreement switch
        {
            Agreement.Agrees => "=",
            Agreement.Close => "≈",
            _ => "≠",
        };

    /// <inheritdoc/>
    public override string ToString()
    {
        var word = Agreement.ToString().ToLowerInvariant();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Mark} {Name} {word}: {Compared} numbers, largest difference {Largest * 100:0.####} % (response {At.Response}, token {At.Token}: logged {Logged:0.######}, computed {Computed:0.######})"
        );
    }

    /// <summary>Compares two columns where both are known; null when they are nowhere.</summary>
    internal static ReconciledColumn? Of(string name, TokenColumn? logged, TokenColumn? computed)
    {
        if (logged is null || computed is null)
            return null;
        var layout = logged.Layout;
        var (a, b) = (logged.Values.ToArray(), computed.Values.ToArray());
        var (count, scale, largest, at) = (0, 0.0, -1.0, 0);
        for (var i = 0; i < a.Length; i++)
        {
            if (!layout.IsActive(i) || !double.IsFinite(a[i]) || !double.IsFinite(b[i]))
                continue;
            count++;
            scale = Math.Max(scale, Math.Abs(a[i]));
            if (Math.Abs(a[i] - b[i]) > largest)
                (largest, at) = (Math.Abs(a[i] - b[i]), i);
        }
        if (count == 0)
            return null;
        var row = 0;
        while (layout.RowStarts[row + 1] <= at)
            row++;
        var share = largest <= 1e-12 ? 0 : largest / Math.Max(scale, 1e-12);
        return new ReconciledColumn(name, count, share, (row, at - layout.RowStarts[row]), a[at], b[at]);
    }
}

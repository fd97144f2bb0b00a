using System.Globalization;
using System.Text;

namespace UniPo.Numerics;

/// <summary>The text of a record that says the same in every country: 0.5 is never 0,5.</summary>
/// <remarks>
/// The text that the compiler writes for a record follows the culture of the thread. A record that holds numbers says instead
/// <c>ToString() =&gt; InvariantText.Of(nameof(Thing), PrintMembers)</c>, where PrintMembers is the compiler's.
/// </remarks>
internal static class InvariantText
{
    /// <summary>As the compiler would write it, in the invariant culture.</summary>
    /// <param name="type">Name of the record.</param>
    /// <param name="printMembers">The compiler's method; false when there is nothing to print.</param>
    public static string Of(string type, Func<StringBuilder, bool> printMembers)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var text = new StringBuilder(type).Append(" { ");
            if (printMembers(text))
                text.Append(' ');
            return text.Append('}').ToString();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}

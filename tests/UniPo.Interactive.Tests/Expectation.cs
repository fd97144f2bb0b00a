using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace UniPo.Interactive.Tests;

/// <summary>
/// Compares a picture with the file that says how it should look, and leaves what was received beside it when they differ.
/// </summary>
internal static partial class Expectation
{
    /// <summary>Compares both twins of a view with <c>Expectations/NAME.expected.html</c> and <c>.txt</c>.</summary>
    /// <remarks>
    /// Style rules and the script's data are left out, so that the file shows what a reader without script sees.
    /// </remarks>
    public static void Matches(View view, string name, [CallerFilePath] string caller = "")
    {
        var differences = new[]
        {
            Compare(name + ".expected.txt", view.ToString()),
            Compare(name + ".expected.html", Payload().Replace(Style().Replace(view.ToHtml(), "<style></style>"), "")),
        };
        Assert.True(differences.All(d => d is null), string.Join("\n", differences.Where(d => d is not null)));

        string? Compare(string file, string received)
        {
            var expected = Repository.Path("tests", "UniPo.Interactive.Tests", "Expectations", file);
            var beside = expected.Replace(".expected.", ".received.", StringComparison.Ordinal);
            received += "\n";
            if (File.Exists(expected) && File.ReadAllText(expected).ReplaceLineEndings("\n") == received)
            {
                File.Delete(beside);
                return null;
            }
            File.WriteAllText(beside, received);
            return $"{file} differs from what {Path.GetFileName(caller)} received; compare it with {Path.GetFileName(beside)} and rename that file when it is right.";
        }
    }

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<script type=\"application/json\".*?</script>", RegexOptions.Singleline)]
    private static partial Regex Payload();
}

namespace UniPo.Tests;

/// <summary>
/// Compares a text with the file that says how it should read, and leaves what was received beside it when they differ.
/// </summary>
internal static class Expectation
{
    /// <summary>Compares with <c>Expectations/FOLDER/NAME.expected.md</c>.</summary>
    public static void Matches(string folder, string name, string received)
    {
        var expected = Repository.Path("tests", "UniPo.Tests", "Expectations", folder, name + ".expected.md");
        var beside = expected.Replace(".expected.", ".received.", StringComparison.Ordinal);
        if (File.Exists(expected) && File.ReadAllText(expected).ReplaceLineEndings("\n") == received)
        {
            File.Delete(beside);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(beside)!);
        File.WriteAllText(beside, received);
        Assert.Fail(
            $"{folder}/{name} reads otherwise than expected; compare {Path.GetFileName(expected)} with {Path.GetFileName(beside)} and rename that file when it is right."
        );
    }

    /// <summary>The names of a folder's files, without their ending.</summary>
    public static IEnumerable<string> Names(string folder) =>
        Directory
            .GetFiles(Repository.Path("tests", "UniPo.Tests", "Expectations", folder), "*.expected.md")
            .Select(p => Path.GetFileName(p).Replace(".expected.md", "", StringComparison.Ordinal));
}

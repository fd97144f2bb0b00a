using Xunit.Abstractions;

namespace UniPo.Tests.Golden;

/// <summary>Every number of the golden vectors, computed again by this library.</summary>
/// <remarks>UNIPO_GOLDEN names another folder of the same format.</remarks>
public class GoldenTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => [.. GoldenFolder.Current.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_case_agrees_with_the_program_that_made_it(string file)
    {
        var table = GoldenTable.Of(file);
        output.WriteLine(table.ToString());
        Assert.True(
            table.Failures.Count == 0,
            $"{table.Failures.Count} of {table.Cases} cases of {file} differ:{Environment.NewLine}{string.Join(Environment.NewLine, table.Failures.Take(12))}"
        );
    }

    [Fact]
    public void At_least_95_percent_of_all_cases_are_compared()
    {
        var tables = GoldenFolder.Current.Files.Select(GoldenTable.Of).ToArray();
        output.WriteLine(GoldenTable.Print(tables));
        Assert.True(tables.Sum(t => t.Compared) >= 0.95 * tables.Sum(t => t.Cases));
    }
}

using UniPo.Cli.Hosting;

namespace UniPo.Cli.Tests;

/// <summary>Lines of a cell that ask for packages and files.</summary>
public sealed class DirectiveTests
{
    [Fact]
    public void Directives_are_taken_out_and_lines_stay_where_they_were()
    {
        var cell = CellDirectives.Read(
            "#i \"nuget: https://feed/\"\n#r \"nuget: A.B, 1.2.3-beta\" // why\n#r \"nuget:C\"\n#r \"/x/y.dll\"\nvar s = \"#r \\\"nuget: D, 1\\\"\";"
        );
        Assert.Equal([new PackageRequest("A.B", "1.2.3-beta"), new PackageRequest("C", null)], cell.Packages);
        Assert.Equal(["/x/y.dll"], cell.Assemblies);
        Assert.Equal(["https://feed/"], cell.Feeds);
        Assert.Equal(["", "", "", "", "var s = \"#r \\\"nuget: D, 1\\\"\";"], cell.Code.Split('\n').Select(l => l.Trim()));
    }

    [Theory]
    [InlineData("#!time\nvar x = 1;", "line 1: magic commands such as #!time are not run; use C# only.")]
    [InlineData("var x = 1;\n#!fsharp", "line 2: magic commands such as #!fsharp are not run; use C# only.")]
    [InlineData(
        "#r \"nuget: A/1.0\"",
        "line 1: #r \"nuget: A/1.0\" is not understood; write #r \"nuget: Name, 1.2.3\" or #r \"/path/to/file.dll\"."
    )]
    [InlineData("#i \"packages\"", "line 1: #i \"packages\" is not understood")]
    public void A_line_that_cannot_be_followed_is_named(string code, string message) =>
        Assert.StartsWith(message, Assert.Throws<CellFaultException>(() => CellDirectives.Read(code)).Message);

    [Fact]
    public async Task Another_version_of_UniPo_is_refused()
    {
        var packages = new PackageReferences(new ReferenceSet(), Path.GetTempPath());
        var fault = await Assert.ThrowsAsync<CellFaultException>(() =>
            packages.Follow(CellDirectives.Read("#r \"nuget: UniPo, 9.0.0\""))
        );
        Assert.Equal(
            "The notebook asks for UniPo 9.0.0, but this is unipo 0.2.0: it runs notebooks against its own build.",
            fault.Message
        );
    }
}

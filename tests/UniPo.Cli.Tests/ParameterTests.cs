using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Values from the command line in the cell tagged <c>parameters</c>.</summary>
public sealed class ParameterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("var x = 3; // n", "x=7", "var x = 7; // n")]
    [InlineData("var x = 3;", "x=-7", "var x = -7;")]
    [InlineData("var x = 0.2;", "x=1", "var x = 1.0;")]
    [InlineData("var x = 0.2;", "x=3e-5", "var x = 3E-05;")]
    [InlineData("double x = 1;", "x=0.25", "double x = 0.25;")]
    [InlineData("float x = 1;", "x=0.25", "float x = 0.25f;")]
    [InlineData("ulong x = 1;", "x=9", "ulong x = 9UL;")]
    [InlineData("var x = false;", "x=True", "var x = true;")]
    [InlineData("string x = \"a\";", "x=it's \"b\"\\n", "string x = \"it's \\\"b\\\"\\\\n\";")]
    [InlineData("var x = new[] { 1, 2 };", "x=3, 4", "var x = new int[] { 3, 4 };")]
    [InlineData("double[] x = [1, 2];", "x=[0.5]", "double[] x = new double[] { 0.5 };")]
    [InlineData("string[] x = [\"a\"];", "x=b,c", "string[] x = new string[] { \"b\", \"c\" };")]
    [InlineData("var q = true;\nvar x = q ? 1 : 2;", "x=5", "var q = true;\nvar x = 5;")]
    [InlineData("int? x = null;", "x=5", "int? x = 5;")]
    [InlineData("int a = 1, x = 2;", "x=5", "int a = 1, x = 5;")]
    public async Task A_value_becomes_a_literal_of_the_declared_type(string before, string parameter, string after)
    {
        var notebook = new NotebookBuilder().Code(before, "parameters").Write(_folder.Path, "a.ipynb");

        var call = await Call.Unipo("run", notebook, "--prepare", "--output", _folder["out"], "--param", parameter);

        Assert.Equal("", call.Error);
        Assert.Equal(0, call.ExitCode);
        Assert.Equal(after, new ExecutedNotebook(_folder["out/a.ipynb"]).Source(1));
    }

    [Theory]
    [InlineData("steps=many", "--param steps=many: \"many\" is no int; write a whole number such as 7.")]
    [InlineData("steps=1.5", "--param steps=1.5: \"1.5\" is no int; write a whole number such as 7.")]
    [InlineData("rate=NaN", "--param rate=NaN: \"NaN\" is no double; write a number such as 0.2.")]
    [InlineData("rate=1,5", "--param rate=1,5: \"1,5\" is no double; write a number such as 0.2.")]
    [InlineData("quick=yes", "--param quick=yes: \"yes\" is no bool; write true or false.")]
    [InlineData("sizes=1,b", "--param sizes=1,b: \"1,b\" is no int[]; write values with commas between, such as 1,2,3.")]
    [InlineData(
        "step=1",
        "--param step: a.ipynb has no parameter of that name. Did you mean steps? Valid: steps (int), rate (double), quick (bool), sizes (int[])."
    )]
    [InlineData(
        "clock=1",
        "--param clock: a.ipynb has no parameter of that name. Valid: steps (int), rate (double), quick (bool), sizes (int[])."
    )]
    [InlineData("steps", "--param steps: write --param name=value.")]
    public async Task A_wrong_name_or_value_is_refused_with_what_is_valid(string parameter, string message)
    {
        var notebook = new NotebookBuilder()
            .Code(
                "var steps = 3;\nvar rate = 0.1;\nvar quick = false;\nint[] sizes = [1];\nvar clock = DateTime.Now;",
                "parameters"
            )
            .Write(_folder.Path, "a.ipynb");

        var call = await Call.Unipo("run", notebook, "--output", _folder["out"], "--param", parameter);

        Assert.Equal(message, call.Error.TrimEnd());
        Assert.Equal(2, call.ExitCode);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Without_a_parameters_cell_no_parameter_is_valid()
    {
        var notebook = new NotebookBuilder().Code("var x = 1;").Write(_folder.Path, "a.ipynb");
        var call = await Call.Unipo("run", notebook, "--output", _folder["out"], "--param", "x=2");
        Assert.Equal("--param x: a.ipynb has no cell tagged \"parameters\" with values that can be set.", call.Error.TrimEnd());
        Assert.Equal(2, call.ExitCode);
    }

    [Fact]
    public async Task In_a_folder_a_parameter_reaches_the_notebooks_that_have_it()
    {
        new NotebookBuilder().Code("var x = 1;", "parameters").Write(_folder["in"], "a.ipynb");
        new NotebookBuilder().Code("var y = 1;\nvar quick = false;", "parameters").Write(_folder["in"], "b.ipynb");

        var call = await Call.Unipo("run", _folder["in"], "--prepare", "--quick", "--output", _folder["out"], "--param", "x=2");

        Assert.Equal(0, call.ExitCode);
        Assert.Equal("var x = 2;", new ExecutedNotebook(_folder["out/a.ipynb"]).Source(1));
        Assert.Equal("var y = 1;\nvar quick = true;", new ExecutedNotebook(_folder["out/b.ipynb"]).Source(1));
    }
}

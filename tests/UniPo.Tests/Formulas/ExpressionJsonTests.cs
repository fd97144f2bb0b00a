using System.Text.Json.Nodes;

namespace UniPo.Tests;

/// <summary>Formulas written as JSON are read back as they were.</summary>
public class ExpressionJsonTests
{
    public static TheoryData<string> Cases => [.. AllAlgorithms.Names.Concat(PartCases.All.Keys)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_formula_survives_being_written_and_read(string name)
    {
        var objective = PartCases.All.TryGetValue(name, out var found) ? found : AllAlgorithms.Named(name);
        var json = new ExpressionJson();
        var tree = json.Write(objective.Formula.Objective.Body);
        var text = tree.ToJsonString();
        var letters = JsonNode.Parse(json.Letters.ToJsonString())!.AsObject();
        var read = ExpressionJson.Read(JsonNode.Parse(text), letters);
        Assert.True(
            TreeDifference.SameInside(objective.Formula.Objective.Body, read),
            $"{objective.Formula.Objective.Body}\n{read}"
        );
        var again = new ExpressionJson();
        Assert.Equal(text, again.Write(read).ToJsonString());
        Assert.Equal(json.Letters.ToJsonString(), again.Letters.ToJsonString());
    }

    [Theory]
    [InlineData("""["n"]""")]
    [InlineData("""["q","Nobody"]""")]
    [InlineData("""["fold","Sum","Everything",["n",1]]""")]
    [InlineData("""["d","A_i"]""")]
    [InlineData("""["Clip",["n",1]]""")]
    [InlineData("""{"n":1}""")]
    [InlineData("""["n","many"]""")]
    public void What_is_no_formula_is_refused(string json) =>
        Assert.Throws<FormatException>(() => ExpressionJson.Read(JsonNode.Parse(json), []));

    [Fact]
    public void A_letter_that_stands_for_itself_is_refused()
    {
        var letters = JsonNode.Parse("""{"A":["A","","","m",["d","A"]]}""")!.AsObject();
        Assert.Throws<FormatException>(() => ExpressionJson.Read(JsonNode.Parse("""["d","A"]"""), letters));
    }
}

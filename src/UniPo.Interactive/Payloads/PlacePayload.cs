using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace UniPo.Interactive;

/// <summary>A line as MathML twice: as it is written, and with numbered places where a token's numbers stand.</summary>
/// <remarks>
/// A letter, or a sum over something, becomes one place; numbers of the formula itself stay. Where a smallest or largest is taken,
/// both branches are marked, so that the script can say which one won.
/// </remarks>
internal sealed class PlacePayload(ExpressionJson json)
{
    private readonly JsonArray _trees = [],
        _branches = [];

    public JsonArray Write(DefinitionNode line)
    {
        var left = MathMlWriter.Write(line);
        var written = Element(MathMlWriter.Row(left, MathMlWriter.Operator("="), MathMlWriter.Write(line.Body)));
        var places = line.Body is NamedNode ? null : Element(MathMlWriter.Write(Place(line.Body, true)));
        return [written, places, _trees, _branches];
    }

    // An element as [name, attributes, content …]: the script makes elements, and reads no markup.
    private static JsonArray Element(XElement element) =>
        new([
            element.Name.LocalName,
            new JsonObject(
                element
                    .Attributes()
                    .Where(a => !a.IsNamespaceDeclaration)
                    .Select(a => KeyValuePair.Create<string, JsonNode?>(a.Name.LocalName, a.Value))
            ),
            .. element.Nodes().Select(n => n is XElement child ? Element(child) : (JsonNode?)((XText)n).Value),
        ]);

    private Expression Place(Expression expression, bool outermost)
    {
        switch (expression)
        {
            case NumberNode:
                return expression;
            case QuantityNode or SettingNode or DefinitionNode or FoldNode:
                _trees.Add(json.Write(expression));
                return new QuantityNode(new Quantity(new($"⟪{_trees.Count - 1}⟫"), ""));
            case FunctionNode { Function: Function.Min or Function.Max } choice when outermost:
                _branches.Add(
                    new JsonArray(
                        json.Write(choice.Arguments[0]),
                        json.Write(choice.Arguments[1]),
                        choice.Function == Function.Min
                    )
                );
                return choice with
                {
                    Arguments = [.. choice.Arguments.Select(a => new MarkedNode(Mark.Changed, Place(a, false)))],
                };
            default:
                return Tree.Map(expression, e => Place(e, outermost));
        }
    }
}

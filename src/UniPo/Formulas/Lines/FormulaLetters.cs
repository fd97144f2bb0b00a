using UniPo.Numerics;

namespace UniPo;

/// <summary>Collects the letters of an expression in the order in which a reader meets them.</summary>
internal sealed class FormulaLetters
{
    private readonly HashSet<string> _seen = [];

    public List<FormulaLine> Lines { get; } = [];

    public List<FormulaSymbol> Symbols { get; } = [];

    /// <summary>Goes through one line, then through the lines of the letters it defines.</summary>
    public void Visit(Expression expression)
    {
        var waiting = new Queue<Expression>([expression]);
        while (waiting.TryDequeue(out var next))
            Walk(next is DefinitionNode line ? Enter(line) : next, waiting);
    }

    private Expression Enter(DefinitionNode definition)
    {
        Lines.Add(new FormulaLine(definition));
        _seen.Add(definition.Symbol.ToString());
        return definition.Body;
    }

    private void Walk(Expression expression, Queue<Expression> waiting)
    {
        switch (expression)
        {
            case DefinitionNode definition:
                if (_seen.Add(definition.Symbol.ToString()))
                    waiting.Enqueue(definition);
                break;
            case QuantityNode { Quantity: var quantity }:
                Meet(quantity.Symbol, quantity.Meaning, null);
                break;
            case SettingNode setting:
                Meet(setting.Symbol, setting.Meaning, setting.Value);
                break;
        }
        if (expression is not DefinitionNode)
            foreach (var child in Tree.Children(expression))
                Walk(child, waiting);
    }

    private void Meet(Symbol symbol, string meaning, double? value)
    {
        if (_seen.Add(symbol.ToString()))
            Symbols.Add(new FormulaSymbol(symbol, meaning, value));
    }
}

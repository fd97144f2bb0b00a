namespace UniPo;

/// <summary>The columns of a report that formulas name by a letter but leave to the code.</summary>
internal static class FormulaColumns
{
    public static IReadOnlyDictionary<Quantity, TokenColumn> Of(TokenReport report)
    {
        var columns = new Dictionary<Quantity, TokenColumn>();
        if (report.Advantage is { } advantage) columns[Advantage.Unwritten] = advantage;
        return columns;
    }
}

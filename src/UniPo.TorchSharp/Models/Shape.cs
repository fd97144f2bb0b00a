namespace UniPo.Torch;

/// <summary>Shapes as messages write them.</summary>
internal static class Shape
{
    /// <summary>For instance <c>[8, 128]</c>.</summary>
    public static string Of<T>(IEnumerable<T> dimensions) => $"[{string.Join(", ", dimensions)}]";
}

using Microsoft.CodeAnalysis.Text;

namespace UniPo.Cli.Notebooks;

/// <summary>A declaration in the cell tagged <c>parameters</c> that can be set from outside.</summary>
/// <param name="Name">Name of the variable.</param>
/// <param name="Type">Its type as C# writes it: <c>int</c>, <c>double[]</c> …</param>
/// <param name="Value">Where its value stands in the cell.</param>
/// <param name="DeclaredType">The type as declared; <c>var</c> where the value decides.</param>
internal sealed record Parameter(string Name, string Type, TextSpan Value, string DeclaredType)
{
    /// <summary>Name and type, as errors list it.</summary>
    public override string ToString() => $"{Name} ({Type})";
}

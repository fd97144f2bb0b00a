using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using UniPo.Cli.Hosting;

namespace UniPo.Cli.Notebooks;

/// <summary>Reads and changes the values in a cell tagged <c>parameters</c>; comments and layout stay.</summary>
internal sealed class ParameterCell
{
    private readonly NotebookCell _cell;
    private string _source;

    private ParameterCell(NotebookCell cell)
    {
        _cell = cell;
        _source = cell.Source;
        Parameters = Find(_source);
    }

    /// <summary>The parameters in the order in which they are declared.</summary>
    public IReadOnlyList<Parameter> Parameters { get; private set; }

    /// <summary>
    /// The cells that declare parameters, in their order: the one tagged <c>parameters</c>, and those that another tool has put after
    /// it, tagged <c>injected-parameters</c>. The last declaration of a name is the one that holds.
    /// </summary>
    public static IReadOnlyList<ParameterCell> AllOf(Notebook notebook) =>
        [
            .. notebook
                .Cells.Where(c => c.IsCode && (c.Has(CellTag.Parameters) || c.Has(CellTag.InjectedParameters)))
                .Select(c => new ParameterCell(c)),
        ];

    /// <summary>The parameter of this name, or null.</summary>
    public Parameter? Parameter(string name) => Parameters.FirstOrDefault(p => p.Name == name);

    /// <summary>Gives a parameter a value.</summary>
    /// <param name="parameter">One of <see cref="Parameters"/>.</param>
    /// <param name="text">The value as typed on a command line.</param>
    /// <exception cref="UsageException">The text is no value of its type.</exception>
    public void Set(Parameter parameter, string text)
    {
        var literal = ParameterLiteral.Of(parameter, text);
        _source = string.Concat(_source.AsSpan(0, parameter.Value.Start), literal, _source.AsSpan(parameter.Value.End));
        _cell.Source = _source;
        Parameters = Find(_source);
    }

    private static List<Parameter> Find(string source)
    {
        if (!CodeDepth.IsReadable(source))
            return [];
        var tree = CSharpSyntaxTree.ParseText(source, ScriptSession.ParseOptions);
        var fields = tree.GetRoot().ChildNodes().OfType<FieldDeclarationSyntax>().ToList();
        if (fields.Count == 0)
            return [];
        var model = Compile(tree).GetSemanticModel(tree);
        return [.. fields.SelectMany(f => f.Declaration.Variables.Select(v => Read(f, v, model))).OfType<Parameter>()];
    }

    private static Parameter? Read(FieldDeclarationSyntax field, VariableDeclaratorSyntax variable, SemanticModel model)
    {
        if (variable.Initializer is not { } initializer || model.GetDeclaredSymbol(variable) is not IFieldSymbol symbol)
            return null;
        var type = symbol.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString();
        return ParameterLiteral.Knows(type)
            ? new Parameter(variable.Identifier.ValueText, type, initializer.Value.Span, field.Declaration.Type.ToString())
            : null;
    }

    // Only the compiler knows the type of `var steps = quick ? 20 : 150;`.
    private static CSharpCompilation Compile(SyntaxTree tree) =>
        CSharpCompilation.CreateScriptCompilation(
            "parameters",
            tree,
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: ["System"])
        );
}

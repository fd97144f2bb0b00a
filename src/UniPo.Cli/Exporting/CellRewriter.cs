using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace UniPo.Cli.Exporting;

/// <summary>Gives the names of a cell their new form.</summary>
internal sealed class CellRewriter(SemanticModel model, NameMap names) : CSharpSyntaxRewriter
{
    /// <inheritdoc/>
    public override SyntaxToken VisitToken(SyntaxToken token)
    {
        if (!token.IsKind(SyntaxKind.IdentifierToken) || token.Parent is not { } parent)
            return token;
        var symbol = parent is SimpleNameSyntax ? model.GetSymbolInfo(parent).Symbol : model.GetDeclaredSymbol(parent);
        return names.Of(symbol) is { } name ? SyntaxFactory.Identifier(token.LeadingTrivia, name, token.TrailingTrivia) : token;
    }

    /// <summary>An anonymous object takes its property's name from the variable, so the old name is written out.</summary>
    public override SyntaxNode? VisitAnonymousObjectMemberDeclarator(AnonymousObjectMemberDeclaratorSyntax node)
    {
        var visited = (AnonymousObjectMemberDeclaratorSyntax)base.VisitAnonymousObjectMemberDeclarator(node)!;
        if (
            node is not { NameEquals: null, Expression: IdentifierNameSyntax before }
            || visited.Expression.ToString() == before.ToString()
        )
            return visited;
        return visited.WithNameEquals(SyntaxFactory.NameEquals(before.Identifier.ValueText + " "));
    }
}

using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using UniPo.Cli.Hosting;
using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Pages;

/// <summary>Colours C# when the page is written, so that the page needs no script for it.</summary>
internal static class CodeHighlighter
{
    private const int LongestColoured = 200_000;

    /// <summary>
    /// The code as escaped HTML; each coloured piece in a <c>span</c> whose class says what it is. Any text is code to a reader, so
    /// none is refused: what the compiler cannot read is left without colours.
    /// </summary>
    public static string Highlight(string code)
    {
        if (code.Length > LongestColoured || !CodeDepth.IsReadable(code))
            return WebUtility.HtmlEncode(code);
        try
        {
            return Colour(code);
        }
        catch (InsufficientExecutionStackException)
        {
            return WebUtility.HtmlEncode(code); // ten thousand operators, one inside the other
        }
    }

    private static string Colour(string code)
    {
        var html = new StringBuilder();
        var root = CSharpSyntaxTree.ParseText(code, ScriptSession.ParseOptions).GetRoot();
        foreach (var token in root.DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia)
                Append(html, trivia.ToFullString(), ClassOf(trivia));
            Append(html, token.Text, ClassOf(token));
            foreach (var trivia in token.TrailingTrivia)
                Append(html, trivia.ToFullString(), ClassOf(trivia));
        }

        return html.ToString();
    }

    private static void Append(StringBuilder html, string text, string? kind)
    {
        if (text.Length == 0)
            return;
        var escaped = WebUtility.HtmlEncode(text);
        html.Append(kind is null ? escaped : $"<span class=\"{kind}\">{escaped}</span>");
    }

    private static string? ClassOf(SyntaxTrivia trivia) =>
        trivia.Kind() switch
        {
            SyntaxKind.SingleLineCommentTrivia
            or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia
            or SyntaxKind.MultiLineDocumentationCommentTrivia => "c",
            _ => trivia.IsDirective ? "d" : null,
        };

    private static string? ClassOf(SyntaxToken token) =>
        token.Kind() switch
        {
            SyntaxKind.NumericLiteralToken => "n",
            SyntaxKind.CharacterLiteralToken
            or SyntaxKind.StringLiteralToken
            or SyntaxKind.InterpolatedStringStartToken
            or SyntaxKind.InterpolatedVerbatimStringStartToken
            or SyntaxKind.InterpolatedStringEndToken
            or SyntaxKind.InterpolatedStringTextToken
            or SyntaxKind.InterpolatedSingleLineRawStringStartToken
            or SyntaxKind.InterpolatedMultiLineRawStringStartToken
            or SyntaxKind.InterpolatedRawStringEndToken
            or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.MultiLineRawStringLiteralToken => "s",
            SyntaxKind.IdentifierToken => ClassOfName(token),
            var kind when SyntaxFacts.IsKeywordKind(kind) || SyntaxFacts.IsContextualKeyword(kind) => "k",
            _ => null,
        };

    private static string? ClassOfName(SyntaxToken token) =>
        token.Parent switch
        {
            IdentifierNameSyntax { IsVar: true } => "k",
            BaseTypeDeclarationSyntax or TypeParameterSyntax => "t",
            MethodDeclarationSyntax or LocalFunctionStatementSyntax => "m",
            SimpleNameSyntax name when IsCalled(name) => "m",
            SimpleNameSyntax name when IsType(name) => "t",
            _ => null,
        };

    private static bool IsCalled(SimpleNameSyntax name) =>
        name.Parent is InvocationExpressionSyntax
        || (
            name.Parent is MemberAccessExpressionSyntax access
            && access.Name == name
            && access.Parent is InvocationExpressionSyntax
        );

    // Without a compilation a type is known by its place; before a dot, by its capital letter.
    private static bool IsType(SimpleNameSyntax name) =>
        name.Parent switch
        {
            ObjectCreationExpressionSyntax
            or VariableDeclarationSyntax
            or ParameterSyntax
            or TypeArgumentListSyntax
            or ArrayTypeSyntax
            or NullableTypeSyntax
            or CastExpressionSyntax
            or MethodDeclarationSyntax
            or BaseTypeSyntax => true,
            MemberAccessExpressionSyntax access => access.Expression == name
                && name.Identifier.ValueText is [var first, ..]
                && char.IsUpper(first),
            _ => name is GenericNameSyntax,
        };
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using UniPo.Cli.Hosting;
using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Exporting;

/// <summary>Writes a notebook as one C# file that <c>dotnet run file.cs</c> builds and runs.</summary>
/// <param name="notebook">The notebook.</param>
/// <param name="project">A project to use in place of the UniPo packages; null for the packages.</param>
internal sealed class CSharpExport(Notebook notebook, string? project)
{
    private readonly ProgramText _program = new();

    /// <summary>The file's text.</summary>
    /// <exception cref="UsageException">A cell cannot be part of a program; the message names it.</exception>
    public async Task<string> ToText()
    {
        var chain = await CellChain.Of(notebook);
        var names = new NameMap(chain.Cells);
        foreach (
            var line in (string[])
                [
                    "using System;",
                    "using System.Text;",
                    "using System.Collections;",
                    "using System.Collections.Generic;",
                    "using System.Threading.Tasks;",
                    "using System.Linq;",
                    "using static Shown;",
                ]
        )
            _program.Using(line);
        foreach (var cell in notebook.Cells)
        {
            if (cell.IsMarkdown)
                _program.Statements(Comment(cell.Source));
            else if (chain.Cells.FirstOrDefault(c => c.Cell == cell) is { } code)
                AddCode(code, names);
            else if (cell.IsCode)
                _program.Statements(Comment("Not run:\n" + cell.Source));
        }

        return _program.ToText(
            [$"{notebook.Name} as one program: dotnet run -c Release <this file>"],
            References(chain.Packages)
        );
    }

    private IEnumerable<string> References(IEnumerable<PackageRequest> packages)
    {
        var own = false;
        foreach (var package in packages)
        {
            if (project is not null && package.Name.StartsWith("UniPo", StringComparison.OrdinalIgnoreCase))
                own = true;
            else
                yield return $"#:package {package.Name}@{package.Version ?? "*"}";
        }

        if (own)
            yield return $"#:project {project}";
    }

    private void AddCode(ExportedCell cell, NameMap names)
    {
        if (cell.Compilation is null)
        {
            _program.Statements(Comment("This cell shows an error of the compiler:\n" + cell.Cell.Source));
            return;
        }

        var tree = cell.Compilation.SyntaxTrees[0];
        var trailing = ScriptSession.TrailingValue(cell.Compilation);
        var rewriter = new CellRewriter(cell.Compilation.GetSemanticModel(tree), names);
        var root = tree.GetCompilationUnitRoot();
        foreach (var line in root.Usings)
            _program.Using(line.WithoutTrivia().ToString());
        List<string> statements = [];
        foreach (var member in root.Members)
        {
            var isTrailing =
                trailing is not null
                && member is GlobalStatementSyntax { Statement: ExpressionStatementSyntax last }
                && last.Expression == trailing;
            AddMember(rewriter.Visit(member)!, isTrailing, statements, cell.Cell);
        }

        var text = string.Concat(statements).Trim('\r', '\n');
        if (root.EndOfFileToken.LeadingTrivia.ToFullString().Trim() is { Length: > 0 } end)
            text += "\n" + end;
        if (text.Trim().Length > 0)
            _program.Statements(cell.Cell.Has(CellTag.RaisesException) ? Caught(text) : text);
    }

    private void AddMember(SyntaxNode member, bool isTrailing, List<string> statements, NotebookCell cell)
    {
        switch (member)
        {
            case GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }:
                var (before, expression, after) = (
                    last.GetLeadingTrivia().ToFullString(),
                    last.Expression.WithoutTrivia().ToFullString(),
                    last.GetTrailingTrivia().ToFullString()
                );
                statements.Add(isTrailing ? $"{before}display({expression});{after}\n" : $"{before}{expression};{after}\n");
                break;
            case GlobalStatementSyntax statement:
                statements.Add(statement.ToFullString());
                break;
            case FieldDeclarationSyntax field:
                statements.Add(Local(field));
                break;
            case MethodDeclarationSyntax method
                when method.ParameterList.Parameters.FirstOrDefault()?.Modifiers.Any(SyntaxKind.ThisKeyword) ?? false:
                var modifiers = Keep(method.Modifiers, SyntaxKind.AsyncKeyword, SyntaxKind.UnsafeKeyword)
                    .InsertRange(0, [SyntaxFactory.ParseToken("public "), SyntaxFactory.ParseToken("static ")]);
                _program.Extension(method.WithModifiers(modifiers).WithLeadingTrivia(method.GetLeadingTrivia()).ToFullString());
                break;
            case MethodDeclarationSyntax method:
                var kept = Keep(method.Modifiers, SyntaxKind.AsyncKeyword, SyntaxKind.StaticKeyword, SyntaxKind.UnsafeKeyword);
                statements.Add(method.WithModifiers(kept).WithLeadingTrivia(method.GetLeadingTrivia()).ToFullString());
                break;
            case BaseTypeDeclarationSyntax or DelegateDeclarationSyntax:
                _program.Type(member.ToFullString());
                break;
            default:
                throw new UsageException(
                    $"{notebook.Path}: cell {cell.Number}: \"{member.ToString().Split('\n')[0]}\" has no equivalent among the statements of a program."
                );
        }
    }

    private static string Local(FieldDeclarationSyntax field)
    {
        var kept = Keep(field.Modifiers, SyntaxKind.ConstKeyword);
        var variables = field.Declaration.Variables.Select(v =>
            v.Initializer is null
                ? v.WithInitializer(
                    SyntaxFactory
                        .EqualsValueClause(SyntaxFactory.ParseExpression(" default"))
                        .WithLeadingTrivia(SyntaxFactory.Space)
                )
                : v
        );
        var declaration = field.Declaration.WithVariables(
            SyntaxFactory.SeparatedList(variables, field.Declaration.Variables.GetSeparators())
        );
        return field.WithModifiers(kept).WithDeclaration(declaration).WithLeadingTrivia(field.GetLeadingTrivia()).ToFullString();
    }

    private static SyntaxTokenList Keep(SyntaxTokenList modifiers, params SyntaxKind[] kinds) =>
        [.. modifiers.Where(m => kinds.Contains(m.Kind())).Select(m => m.WithLeadingTrivia())];

    private static string Caught(string statements) =>
        $$"""
            try
            {
            {{string.Join('\n', statements.Split('\n').Select(l => "    " + l))}}
            }
            catch (Exception thrown)
            {
                Console.WriteLine($"{thrown.GetType().Name}: {thrown.Message}");
            }
            """;

    private static string Comment(string text) => string.Join('\n', text.Split('\n').Select(l => ("// " + l).TrimEnd()));
}

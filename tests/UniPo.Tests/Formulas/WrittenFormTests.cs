using System.Xml.Linq;
using UniPo.Numerics;

namespace UniPo.Tests;

/// <summary>What is written: cards that fit a console, MathML that is MathML Core.</summary>
public class WrittenFormTests
{
    private static readonly HashSet<string> _core =
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mfrac",
        "msqrt",
        "msub",
        "msup",
        "munder",
        "mover",
        "munderover",
        "mtable",
        "mtr",
        "mtd",
        "semantics",
        "annotation",
    ];

    public static TheoryData<string> Names => [.. AllAlgorithms.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_card_fits_a_console(string name) =>
        Assert.All(AllAlgorithms.Named(name).ToString().Split('\n'), line => Assert.InRange(TextLayout.Columns(line), 0, 100));

    [Theory]
    [MemberData(nameof(Names))]
    public void MathMl_parses_and_uses_MathMl_Core_alone(string name)
    {
        var formula = AllAlgorithms.Named(name).Formula;
        foreach (
            var text in formula
                .Lines.Select(l => l.ToMathMl())
                .Concat(formula.Symbols.Select(s => s.ToMathMl()))
                .Append(formula.ToMathMl())
        )
        {
            var math = XElement.Parse(text);
            Assert.Empty(math.DescendantsAndSelf().Select(e => e.Name.LocalName).Except(_core));
            Assert.NotEmpty(math.Attribute("alttext")!.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Latex_closes_every_bracket_it_opens(string name)
    {
        var latex = AllAlgorithms.Named(name).Formula.ToLatex();
        Assert.Equal(latex.Count(c => c == '{'), latex.Count(c => c == '}'));
        Assert.Equal(latex.Split("\\left").Length, latex.Split("\\right").Length);
    }

    [Fact]
    public void Grpo_reads_as_in_its_paper() =>
        Assert.Equal(
            "J    = 1/N Σ_i 1/n_i Σ_t [min(r_it·A_i, clip(r_it, 1 − ε, 1 + ε)·A_i) − β·k_it]\n"
                + "r_it = exp(log π_θ(y_it) − log π_old(y_it))\n"
                + "A_i  = (R_i − mean_g(R)) / (std_g(R) + ε_std)\n"
                + "k_it = exp(−u_it) + u_it − 1\n"
                + "u_it = log π_θ(y_it) − log π_ref(y_it)\n"
                + "ε = 0.2, β = 0.04, ε_std = 1e-6",
            Algorithms.Grpo.Formula.ToString()
        );
}

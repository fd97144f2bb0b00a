using UniPo.Formulas;
using UniPo.Numerics;

namespace UniPo;

/// <summary>How far has the policy moved since the response was sampled? r = π_θ / π_old, per token or per response.</summary>
/// <remarks>
/// Everything is done on log-ratios d = log π_θ − log π_old, because exp(a)/exp(b) loses what exp(a − b) keeps.
/// A log-ratio beyond ±<see cref="Limit"/> is set to that limit, so that no ratio overflows; no gradient flows there.
/// </remarks>
public abstract record Ratio
{
    /// <summary>Largest absolute log-ratio, in nats: e^600 is still a finite double, and sums of it are, too.</summary>
    public const double Limit = 600;

    /// <summary>No ratio: the gradient of A·log π, which is right for fresh responses only.</summary>
    public static NoRatio None { get; } = new();

    /// <summary>One ratio for each token.</summary>
    public static TokenRatio Token { get; } = new();

    /// <summary>One ratio for each response: the geometric mean of its token ratios (GSPO).</summary>
    public static SequenceMeanRatio SequenceMean { get; } = new();

    /// <summary>One ratio for each response: the product of its token ratios.</summary>
    public static SequenceProductRatio SequenceProduct { get; } = new();

    /// <summary>The value of <see cref="SequenceMean"/> with a gradient of each token's own (GSPO-token).</summary>
    public static SequenceTokenRatio SequenceToken { get; } = new();

    /// <summary>A ratio of one's own: <c>Ratio.Of("square root", d => Expression.Exp(d / 2))</c>.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="formula">The ratio, from d_it = log π_θ − log π_old of a token; fold it over <c>Over.Tokens</c> for one a response.</param>
    /// <param name="inWords">What it does, in one line of words; the name where it is left out.</param>
    /// <exception cref="FormulaException">The formula cannot be calculated.</exception>
    public static Ratio Of(string name, Func<Expression, Expression> formula, string? inWords = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var template = FormulaChecks.Verify(
            $"The ratio \"{name}\"",
            formula(Blanks.LogRatio),
            Level.Token,
            (Blanks.LogRatio, Level.Token)
        );
        return new WrittenRatio(name, inWords, template);
    }

    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>The ratio in symbols, with a line of its own; null for none.</summary>
    /// <param name="logRatio">d_it = log π_θ − log π_old of a token, held in bounds where the trust region does so before
    /// pooling.</param>
    public abstract Expression? Formula(Expression logRatio);

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>A log-ratio within a clamp; the limit that only keeps numbers finite is not worth writing.</summary>
    private protected static Expression Within(Expression log, double clamp) =>
        clamp >= Limit ? log : Expression.Guard(log, -clamp, clamp);

    private protected static string ClampInWords(double clamp) =>
        clamp >= Limit ? "" : FormattableString.Invariant($", log-ratio cut at ±{clamp}");

    /// <summary>Checks a clamp on log-ratios, in nats.</summary>
    private protected static double CheckedClamp(double value, string name) =>
        Require.That(value, value is > 0 and <= Limit, name, $"lie in (0, {Limit}]");
}

/// <summary>A ratio that somebody wrote as a formula.</summary>
internal sealed record WrittenRatio(string Name, string? Words, Template Template) : Ratio
{
    public override string InWords => Words ?? Name;

    public override Expression Formula(Expression logRatio) =>
        Expression.Define(
            new("r", "it"),
            Template.Fill((Blanks.LogRatio, logRatio)),
            "importance ratio: how much likelier the token has become since it was sampled"
        );
}

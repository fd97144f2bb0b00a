namespace UniPo.Interactive;

/// <summary>How the numbers of a batch are spread: ratio with its bounds, advantage, KL, and length by right and wrong.</summary>
public sealed record Distributions : View
{
    /// <summary>The distributions of an evaluated objective.</summary>
    public Distributions(TokenReport report)
    {
        TrainingStep.RequireKept(report);
        Report = report;
    }

    /// <summary>The batch and its weights.</summary>
    public TokenReport Report { get; }

    /// <summary>Most bars of a histogram, from 4 to 60.</summary>
    public int Bars
    {
        get;
        init =>
            field = value is >= 4 and <= 60
                ? value
                : throw new ArgumentOutOfRangeException(nameof(Bars), value, $"Bars must lie in [4, 60], but was {value}.");
    } = 24;

    private protected override string Element => "distributions";

    private protected override string[] StyleSections => ["plots", "lines", "curves"];

    private protected override IEnumerable<Block> Blocks() => new DistributionsContent(this).Blocks();
}

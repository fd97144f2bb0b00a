namespace UniPo;

/// <summary>How a check of a run came out.</summary>
public enum Verdict
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>May be meant, may be a fault: worth a look.</summary>
    Look,

    /// <summary>Something is wrong.</summary>
    Ill,

    /// <summary>The numbers for it are not in the log, or there are too few of them.</summary>
    NotMeasured,
}

/// <summary>One question put to a run, and the answer with everything it rests on.</summary>
public sealed record DiagnosisCheck
{
    /// <summary>The question, for instance <c>Does the reward move?</c></summary>
    public required string Question { get; init; }

    /// <summary>How it came out.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The numbers of this run; for <see cref="Verdict.NotMeasured"/> what is missing.</summary>
    public required string Numbers { get; init; }

    /// <summary>From which number on it is a finding.</summary>
    public required string Threshold { get; init; }

    /// <summary>Where the threshold comes from: a paper, a trainer's default, or this page's own choice.</summary>
    public required string Source { get; init; }

    /// <summary>What it means.</summary>
    public required string Meaning { get; init; }

    /// <summary>What to try.</summary>
    public required string Try { get; init; }

    /// <summary>The lesson that teaches it.</summary>
    public required string Lesson { get; init; }

    /// <summary>Name of the curve; empty when there is none.</summary>
    public string Metric { get; init; } = "";

    /// <summary>Steps of the curve.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [];

    /// <summary>The curve; NaN where a step did not measure it.</summary>
    public IReadOnlyList<double> Curve { get; init; } = [];

    /// <summary>A sign that tells the verdict without colour: ✓ fine, ! look, ✗ ill, · not measured.</summary>
    public string Mark =>
        Verdict switch
        {
            Verdict.Fine => "✓",
            Verdict.Look => "!",
            Verdict.Ill => "✗",
            _ => "·",
        };

    /// <summary>The verdict in words.</summary>
    public string Word =>
        Verdict switch
        {
            Verdict.Fine => "fine",
            Verdict.Look => "look",
            Verdict.Ill => "ill",
            _ => "not measured",
        };
}

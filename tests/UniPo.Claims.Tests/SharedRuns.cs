namespace UniPo.Claims.Tests;

/// <summary>Training runs that several claims speak of: each is made once, by whoever asks first.</summary>
internal static class SharedRuns
{
    /// <summary>GRPO without a pull to the reference: one pass, nothing clipped.</summary>
    public static PolicyObjective PlainGrpo { get; } = Algorithms.Grpo with { Name = "plain", Kl = Kl.None };

    private static readonly Lazy<TrainingRun[]> _plain = new(() =>
        Runs.Train("addition", Tasks.Addition(), PlainGrpo, 150, o => o with { EvaluateEvery = 10, HeldOutPrompts = 800 })
    );
    private static readonly Lazy<TrainingRun[]> _reversed = new(() =>
        Runs.Train("addition-reversed", Tasks.Addition(), PlainGrpo, 150)
    );
    private static readonly Lazy<TrainingRun[]> _clipped = new(() =>
        Runs.Train("addition", Tasks.Addition(), PlainGrpo, 200, FourPasses)
    );

    /// <summary>150 steps from the base that forgets to carry; held-out accuracy every ten steps.</summary>
    public static TrainingRun[] Plain => _plain.Value;

    /// <summary>150 steps from the base that reverses digits.</summary>
    public static TrainingRun[] Reversed => _reversed.Value;

    /// <summary>50 rollouts, four passes over each, at a high learning rate.</summary>
    public static TrainingRun[] ClippedFourPasses => _clipped.Value;

    /// <summary>Settings of <see cref="ClippedFourPasses"/>.</summary>
    public static TrainerOptions FourPasses(TrainerOptions options) => options with { Passes = 4, LearningRate = 3e-4 };
}

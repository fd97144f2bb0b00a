using System.Globalization;

namespace UniPo.Torch.Cli;

/// <summary>A line for each step, as it ends.</summary>
internal sealed class StepLine(TextWriter output, int steps) : IProgress<TrainingStep>
{
    public void Report(TrainingStep value) =>
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"step {value.Step + 1} of {steps}  reward {value.Metric("reward"):0.000}  KL {value.Metric("kl"):0.0000}  entropy {value.Metric("entropy"):0.000}"
            )
        );
}

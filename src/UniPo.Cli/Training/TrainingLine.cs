using System.Globalization;
using Spectre.Console;
using UniPo.Cli.Terminal;

namespace UniPo.Cli.Training;

/// <summary>The live progress of a run: one line that changes on a terminal, a line now and then in a log.</summary>
internal static class TrainingLine
{
    /// <summary>Runs the training and tells how it goes.</summary>
    /// <param name="steps">Steps asked for.</param>
    /// <param name="output">Where to.</param>
    /// <param name="train">The training; reports each step.</param>
    /// <param name="linesInLog">Lines to write when the output is no terminal.</param>
    public static TrainingRun Follow(
        int steps,
        TextWriter output,
        Func<IProgress<TrainingStep>, TrainingRun> train,
        int linesInLog = 10
    )
    {
        if (!TerminalWriter.IsLive(output))
            return train(new PromptProgress<TrainingStep>(step => Log(step, steps, output, linesInLog)));
        return AnsiConsole
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new ElapsedTimeColumn(),
                new RemainingTimeColumn()
            )
            .Start(context =>
            {
                var task = context.AddTask("first measurement on held-out prompts", maxValue: steps);
                return train(
                    new PromptProgress<TrainingStep>(step =>
                    {
                        task.Description = Describe(step, steps);
                        task.Value = step.Step + 1;
                    })
                );
            });
    }

    private static void Log(TrainingStep step, int steps, TextWriter output, int lines)
    {
        if (lines > 0 && ((step.Step + 1) % Math.Max(1, steps / lines) == 0 || step.Step + 1 == steps))
            output.WriteLine(Describe(step, steps));
    }

    private static string Describe(TrainingStep step, int steps) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"step {step.Step + 1} of {steps}  reward {step.Metric("reward"):0.000}  KL {step.Metric("kl"):0.0000}  entropy {step.Metric("entropy"):0.000}"
        );
}

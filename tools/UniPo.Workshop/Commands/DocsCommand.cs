using System.CommandLine;
using UniPo.Cli;
using UniPo.Cli.Training;
using UniPo.Workshop.Docs;

namespace UniPo.Workshop.Commands;

/// <summary><c>workshop docs</c>: writes the pages that are generated from the code.</summary>
internal static class DocsCommand
{
    private static readonly Option<string> _output = new("--output")
    {
        Description = "Folder of the pages.",
        DefaultValueFactory = _ => "docs",
    };
    private static readonly Option<bool> _training = new("--training")
    {
        Description = "Also writes training.md: trains every algorithm over five seeds, which takes minutes.",
    };
    private static readonly Option<string> _runs = new("--runs")
    {
        Description = "Folder of the logs of that training; runs that are there already are not repeated.",
        DefaultValueFactory = _ => Path.Combine("artifacts", "training"),
    };

    public static Command Create()
    {
        var command = new Command(
            "docs",
            "Writes docs/objectives.md, the table of all algorithms, and docs/glossary.md from the code; docs/training.md by training them."
        )
        {
            _output,
            _training,
            _runs,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Write(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Write(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = parsed.GetRequiredValue(_output);
        Directory.CreateDirectory(folder);
        Save(Path.Combine(folder, "objectives.md"), ObjectivesPage.Write(ObjectiveExports.TrainersOf), parsed);
        Save(Path.Combine(folder, "glossary.md"), GlossaryPage.Write(), parsed);
        if (parsed.GetValue(_training))
            Save(Path.Combine(folder, "training.md"), TrainingPage.Write(Train(parsed, cancellation)), parsed);
        return ExitCode.Success;
    }

    private static List<Comparison> Train(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, comparisons) = (parsed.InvocationConfiguration.Output, new List<Comparison>());
        foreach (var recipe in TrainingRecipe.All)
        {
            var plan = new ComparisonPlan
            {
                Seeds = TrainingPage.Seeds,
                Steps = recipe.Steps,
                Options = recipe.Options,
                Folder = Path.Combine(parsed.GetRequiredValue(_runs), AlgorithmNames.Of(recipe.Objective)),
            };
            var policy = TinyTransformer.Load(BaseModel.For(recipe.Task).Name);
            comparisons.Add(
                ComparisonLine.Follow(
                    plan.Seeds,
                    plan.Steps,
                    output,
                    progress => Compare.Train(policy, recipe.Task, [recipe.Objective], plan, progress, cancellation)
                )
            );
        }
        return comparisons;
    }

    private static void Save(string path, string text, ParseResult parsed)
    {
        File.WriteAllText(path, text);
        parsed.InvocationConfiguration.Output.WriteLine($"Wrote {path}.");
    }
}

using UniPo.Cli.Terminal;

namespace UniPo.Cli.Training;

/// <summary>Tasks by the name a command line uses.</summary>
internal static class TaskNames
{
    /// <summary>The name, if there is a task of that name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Check(string name) =>
        Tasks.Names.Contains(name)
            ? name
            : throw new UsageException(
                $"--task: there is no task '{name}'.{Nearest.Question(name, Tasks.Names)} The tasks are {string.Join(", ", Tasks.Names)}."
            );
}

using System.Globalization;
using Parquet;
using Parquet.Serialization;

namespace UniPo;

/// <summary>TRL's <c>completions_00010.parquet</c>: step, prompt, completion, one column a reward function, advantage.</summary>
/// <remarks>trl/trainer/grpo_trainer.py at f2cd5771. Rows of one group follow each other: they share step and prompt.</remarks>
internal static class TrlCompletions
{
    // The table is the newest batch before a log event; a file beyond this is no such table.
    private const int MostRows = 1_000_000;

    private static readonly string[] _known = ["step", "prompt", "completion", "advantage"];

    public static TrainerLog Read(string path, LogOptions options)
    {
        try
        {
            return Of(path, Rows(path).GetAwaiter().GetResult(), options);
        }
        catch (Exception fault) when (fault is not (InvalidDataException or OutOfMemoryException))
        {
            // The library reports a damaged file by many kinds of exceptions.
            throw new InvalidDataException(
                $"The file '{path}' is a parquet table that could not be read: {fault.Message}",
                fault
            );
        }
    }

    private static async Task<List<IDictionary<string, object?>>> Rows(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await using (var reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true).ConfigureAwait(false))
        {
            string[] names = [.. reader.Schema.DataFields.Select(f => f.Name)];
            if (!names.Contains("completion") || !names.Contains("prompt"))
                throw new InvalidDataException(
                    $"The file '{path}' is a parquet table, but not TRL's of completions: it has the columns {string.Join(", ", names.Take(12))}; prompt and completion are needed."
                );
            if (reader.Metadata?.NumRows > MostRows)
                throw new InvalidDataException(
                    $"The file '{path}' holds {reader.Metadata.NumRows} rows; a table of completions has at most {MostRows}."
                );
        }
        file.Position = 0;
        var result = await ParquetSerializer.DeserializeUntypedAsync(file).ConfigureAwait(false);
        return [.. result.Data.Select(row => (IDictionary<string, object?>)row.ToDictionary(c => c.Key, c => (object?)c.Value))];
    }

    private static TrainerLog Of(string path, List<IDictionary<string, object?>> rows, LogOptions options)
    {
        if (rows.Count == 0)
            throw new InvalidDataException($"The file '{path}' is a {LogFormat.TrlCompletions}, but holds no row.");
        var header = new RunHeader
        {
            Algorithm = "GRPO",
            Task = "unknown",
            HasSeed = false,
            Model = "unknown",
            Hyperparameters = new Dictionary<string, object> { ["log"] = Path.GetFileName(path) },
        };
        var steps = new List<TrainingStep>();
        foreach (
            var step in rows.GroupBy(r => Number(r, "step") is >= 0 and <= int.MaxValue and var s ? (int)s : 0)
                .OrderBy(g => g.Key)
        )
        {
            IReadOnlyList<LoggedResponse>[] groups = [.. Groups([.. step])];
            var rollout = LoggedRollout.Of(
                [.. groups.Take(Math.Max(1, options.PromptsPerStep))],
                options.Tokenizer,
                groups.Length <= options.PromptsPerStep
            );
            steps.Add(
                new TrainingStep
                {
                    Step = step.Key,
                    Rollout = steps.Count,
                    FirstAfterRollout = true,
                    Metrics = Metrics(groups),
                    Report = LoggedReport.Of(rollout, "GRPO"),
                    Warning = "The file holds texts, no tokens: each word stands for one.",
                }
            );
        }
        return new TrainerLog
        {
            Path = path,
            Format = LogFormat.TrlCompletions,
            Method = "GRPO",
            Runs = [new TrainingRun { Header = header, Steps = steps }],
        };
    }

    // Neighbours with the same prompt are one group.
    private static IEnumerable<IReadOnlyList<LoggedResponse>> Groups(IDictionary<string, object?>[] rows)
    {
        var group = new List<LoggedResponse>();
        foreach (var row in rows)
        {
            var response = Response(row);
            if (group.Count > 0 && group[0].Prompt != response.Prompt)
            {
                yield return group;
                group = [];
            }
            group.Add(response);
        }
        yield return group;
    }

    private static LoggedResponse Response(IDictionary<string, object?> row)
    {
        (string Name, double Value)[] parts =
        [
            .. row.Keys.Where(k => !_known.Contains(k)).Select(k => (k, Number(row, k))).Where(p => double.IsFinite(p.Item2)),
        ];
        var columns = new Dictionary<ResponseColumn, double[]>();
        if (Number(row, "advantage") is var advantage && double.IsFinite(advantage))
            columns[ResponseColumn.Advantages] = [advantage];
        return new LoggedResponse
        {
            Prompt =
                Convert.ToString(row.TryGetValue("prompt", out var prompt) ? prompt : null, CultureInfo.InvariantCulture) ?? "",
            Text =
                Convert.ToString(row.TryGetValue("completion", out var text) ? text : null, CultureInfo.InvariantCulture) ?? "",
            Parts = parts,
            // The weights of several reward functions are not in the table; their sum is TRL's default.
            Reward = parts.Length == 0 ? double.NaN : parts.Sum(p => p.Value),
            Columns = columns,
        };
    }

    private static double Number(IDictionary<string, object?> row, string name) =>
        row.TryGetValue(name, out var value) && value is not (null or string) && value is IConvertible number
            ? number.ToDouble(CultureInfo.InvariantCulture)
            : double.NaN;

    private static Dictionary<string, double> Metrics(IReadOnlyList<LoggedResponse>[] groups)
    {
        double[] rewards = [.. groups.SelectMany(g => g).Select(r => r.Reward).Where(double.IsFinite)];
        return rewards.Length == 0 ? [] : new() { ["reward"] = rewards.Average() };
    }
}

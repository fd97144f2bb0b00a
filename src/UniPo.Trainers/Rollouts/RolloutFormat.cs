using System.Text.Json;

namespace UniPo;

/// <summary>How one kind of rollout file writes a response on a line.</summary>
internal abstract class RolloutFormat
{
    /// <summary>The kind of file.</summary>
    public abstract LogFormat Kind { get; }

    /// <summary>True when a line's object is a response of this kind.</summary>
    public abstract bool Fits(JsonElement line);

    /// <summary>Field of the step; null when the file's name tells it.</summary>
    public abstract string? StepField { get; }

    /// <summary>Field of the reward; null when there is none.</summary>
    public abstract string? RewardField { get; }

    /// <summary>Field that responses of one group share.</summary>
    public abstract string GroupField { get; }

    /// <summary>Field whose length is the response's length.</summary>
    public abstract string LengthField { get; }

    /// <summary>Numbers that are averaged over a step's responses, by their field.</summary>
    public virtual IReadOnlyList<string> Averaged => [];

    /// <summary>The part of a group field's text that identifies the group.</summary>
    public virtual ReadOnlySpan<byte> GroupKey(ReadOnlySpan<byte> text) => text;

    /// <summary>The whole response.</summary>
    public abstract LoggedResponse Read(JsonElement line);

    /// <summary>All kinds, in the order in which they are tried.</summary>
    public static IReadOnlyList<RolloutFormat> All { get; } =
    [new NemoRlRollouts(), new PrimeRlRollouts(), new OpenInstructRollouts(), new VerlRollouts()];

    protected static double[] Part(double[]? column, int from, int to, int tokens)
    {
        var part = new double[to - from];
        Array.Fill(part, double.NaN);
        if (column is { Length: 1 } && tokens > 1)
            Array.Fill(part, column[0]);
        else if (column is not null)
            for (var t = from; t < Math.Min(to, column.Length); t++)
                part[t - from] = column[t];
        return part;
    }

    protected static Dictionary<ResponseColumn, double[]> Columns(
        params ReadOnlySpan<(ResponseColumn Column, double[]? Values)> columns
    )
    {
        var found = new Dictionary<ResponseColumn, double[]>();
        foreach (var (column, values) in columns)
            if (values is not null && values.Any(double.IsFinite))
                found[column] = values;
        return found;
    }
}

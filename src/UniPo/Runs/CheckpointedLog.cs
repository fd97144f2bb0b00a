using System.Globalization;

namespace UniPo;

/// <summary>A log and the checkpoint beside it: do they belong together, and how much of the log does the checkpoint know?</summary>
/// <remarks>
/// A checkpoint stores how long the log was when it was taken, and which run both belong to. Everything is compared here before a
/// byte of the log is cut off: a log of another seed, or any other file in its place, stays as it is.
/// </remarks>
internal static class CheckpointedLog
{
    private const string Length = "log_length",
        Identity = "run_identity";

    /// <summary>Writes into a checkpoint which log it belongs to, and how much of it.</summary>
    public static void Tie(SafetensorsFile checkpoint, RunHeader header, long logLength)
    {
        checkpoint.Metadata[Length] = logLength.ToString(CultureInfo.InvariantCulture);
        checkpoint.Metadata[Identity] = header.Identity!;
    }

    /// <summary>True when the file was made by a recorded run.</summary>
    public static bool IsCheckpoint(string path)
    {
        try
        {
            return SafetensorsFile.Load(path).Metadata.ContainsKey(Length);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>The part of the log that the checkpoint knows, read and compared with it. Nothing is changed.</summary>
    /// <param name="checkpoint">The checkpoint beside the log.</param>
    /// <param name="path">The log.</param>
    /// <param name="identity">The run that wants to go on.</param>
    /// <param name="stepsTaken">Steps that the checkpoint stands behind.</param>
    /// <exception cref="InvalidDataException">They do not belong together; the message says why.</exception>
    public static (long Length, TrainingRun Run) Beginning(
        SafetensorsFile checkpoint,
        string path,
        string identity,
        int stepsTaken
    )
    {
        var length = KnownLength(checkpoint);
        if (checkpoint.Metadata.GetValueOrDefault(Identity) is var stored && stored != identity)
            throw new InvalidDataException(
                $"{checkpoint.Origin} belongs to the run {stored ?? "(unnamed)"}, but this run is {identity}: settings, task, seed or base model differ."
            );
        var beginning = FirstBytes(path, length, checkpoint.Origin);
        if (beginning is not [.., (byte)'\n'])
            throw Foreign(path, checkpoint, $"byte {length}, where the checkpoint was taken, is not the end of a line");
        var run = Read(path, beginning, checkpoint);
        if (run.Header.Identity != identity)
            throw Foreign(
                path,
                checkpoint,
                $"its header names the run {run.Header.Identity ?? "(none)"} with seed {run.Header.Seed}, but the checkpoint belongs to the run {identity}"
            );
        if (!run.Steps.Select(s => s.Step).SequenceEqual(Enumerable.Range(0, stepsTaken)))
            throw Foreign(
                path,
                checkpoint,
                $"the checkpoint stands behind {stepsTaken} steps, but up to there the log holds {run.Steps.Count}"
            );
        return (length, run);
    }

    private static long KnownLength(SafetensorsFile checkpoint) =>
        long.TryParse(
            checkpoint.Metadata.GetValueOrDefault(Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var length
        ) && length is > 0 and <= int.MaxValue
            ? length
            : throw new InvalidDataException(
                $"{checkpoint.Origin} is no checkpoint of a recorded run: its metadata has no '{Length}' above 0."
            );

    private static byte[] FirstBytes(string path, long length, string origin)
    {
        if (!File.Exists(path) || new FileInfo(path).Length < length)
            throw new InvalidDataException(
                $"The log '{path}' is missing or shorter than the {length} bytes it had when the checkpoint '{origin}' was taken; a run cannot go on without it."
            );
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static TrainingRun Read(string path, byte[] beginning, SafetensorsFile checkpoint)
    {
        try
        {
            return RunLogReader.Read(path, beginning);
        }
        catch (InvalidDataException e)
        {
            throw Foreign(path, checkpoint, e.Message.TrimEnd('.'), e);
        }
    }

    private static InvalidDataException Foreign(
        string path,
        SafetensorsFile checkpoint,
        string reason,
        Exception? inner = null
    ) => new($"The log '{path}' does not belong to the checkpoint '{checkpoint.Origin}': {reason}. Nothing was changed.", inner);
}

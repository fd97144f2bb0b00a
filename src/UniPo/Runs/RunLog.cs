using System.Text.Json;

namespace UniPo;

/// <summary>
/// A training run on disk: a header line, then one line of JSON a step, each written and flushed as training goes.
/// </summary>
/// <remarks>
/// The format is that of UNIPO's training logs (JSONL), so that its build script accepts the file; what UniPo adds lies in the
/// field
/// <c>unipo</c>. A run that is killed leaves a readable file: a torn last line is ignored when it is read.
/// </remarks>
public sealed class RunLog : IProgress<TrainingStep>, IDisposable
{
    private readonly FileStream _file;
    private readonly RunLogWriter _writer;
    private readonly LogLock _lock;
    private readonly MemoryStream _line = new();

    private RunLog(FileStream file, RunLogWriter writer, LogLock held) => (_file, _writer, _lock) = (file, writer, held);

    /// <summary>Starts a log with its header line.</summary>
    /// <param name="path">A new file.</param>
    /// <param name="header">What is trained, and how.</param>
    /// <param name="before">Held-out accuracy before the first step; null when not measured.</param>
    /// <param name="promptsPerStep">Prompts of a step whose tokens are written, at least 0. UNIPO shows two of them.</param>
    /// <param name="overwrite">True to replace a file that exists.</param>
    /// <exception cref="IOException">The file exists, is being written by another run, or cannot be written.</exception>
    public static RunLog Create(
        string path,
        RunHeader header,
        HeldOutAccuracy? before = null,
        int promptsPerStep = 3,
        bool overwrite = false
    )
    {
        ArgumentNullException.ThrowIfNull(header);
        if (promptsPerStep < 0)
            throw new ArgumentOutOfRangeException(
                nameof(promptsPerStep),
                $"The number of prompts a step must be at least 0, but was {promptsPerStep}."
            );
        var held = Lock(path, overwrite);
        try
        {
            return Create(path, header, before, promptsPerStep, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the place of a log: nobody else writes it from now on.</summary>
    /// <exception cref="IOException">A log is there and is not to be replaced, or nothing can be written there.</exception>
    internal static LogLock Lock(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!overwrite && File.Exists(path))
            throw new IOException($"The log '{path}' exists already; choose another name, or allow it to be overwritten.");
        if (FilePlace.Fault(path, overwrite) is { } fault)
            throw new IOException(fault);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return LogLock.Take(path);
    }

    /// <summary>Starts a log whose place is locked; the log takes the lock over.</summary>
    internal static RunLog Create(string path, RunHeader header, HeldOutAccuracy? before, int promptsPerStep, LogLock held)
    {
        var log = new RunLog(
            new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0),
            new RunLogWriter(promptsPerStep, header.Passes),
            held
        );
        log.WriteLine(json => RunLogWriter.Header(json, header, before));
        return log;
    }

    /// <summary>Opens a log to go on after the first bytes of it; what stands behind them is cut off.</summary>
    internal static RunLog GoOn(string path, long length, int promptsPerStep, int passes, LogLock held)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.SetLength(length);
        file.Seek(0, SeekOrigin.End);
        return new RunLog(file, new RunLogWriter(promptsPerStep, passes), held);
    }

    /// <summary>Bytes written so far.</summary>
    internal long Length => _file.Length;

    /// <summary>Writes a step and hands it to the operating system, so that a killed program loses none.</summary>
    public void Append(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        WriteLine(json => _writer.Step(json, step));
    }

    /// <summary>Notes that a resumed run takes another number of steps than the header announced.</summary>
    internal void Extend(int steps) => WriteLine(json => RunLogWriter.Extended(json, steps));

    /// <summary>Writes the closing line: how good the policy is now, and why the run ended early if it did.</summary>
    public void Complete(HeldOutAccuracy? after = null, string? stopped = null) =>
        WriteLine(json => RunLogWriter.End(json, after, stopped));

    /// <summary>Writes a finished run.</summary>
    /// <param name="path">A new file.</param>
    /// <param name="run">The run.</param>
    /// <param name="promptsPerStep">Prompts of a step whose tokens are written, at least 0.</param>
    /// <param name="overwrite">True to replace a file that exists.</param>
    public static void Write(string path, TrainingRun run, int promptsPerStep = 3, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var log = Create(path, run.Header, run.Before, promptsPerStep, overwrite);
        foreach (var step in run.Steps)
            log.Append(step);
        log.Complete(run.After, run.Stopped);
    }

    /// <summary>
    /// Reads a log. A last line that was torn off by a crash is left out; what else had to be mended is said by
    /// <see cref="TrainingRun.Notes"/>.
    /// </summary>
    /// <param name="path">A file in the format of <see cref="Write"/>, or UNIPO's own.</param>
    /// <exception cref="InvalidDataException">The file is no run log; the message names file, line and fault.</exception>
    public static TrainingRun Read(string path) => RunLogReader.Read(path);

    void IProgress<TrainingStep>.Report(TrainingStep value) => Append(value);

    /// <summary>Closes the file, and lets others write it.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    /// <summary>One write for the whole line: a crash can tear the last line, never one before it.</summary>
    private void WriteLine(Action<Utf8JsonWriter> write)
    {
        _line.SetLength(0);
        using (var json = new Utf8JsonWriter(_line, RunLogFormat.Writing))
            write(json);
        _line.WriteByte((byte)'\n');
        var whole = _file.Length;
        try
        {
            _file.Write(_line.GetBuffer(), 0, (int)_line.Length);
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException) // the latter is how .NET reports a file too large for its system
        {
            _file.SetLength(whole); // a full disk took part of the line: cutting needs no room, and leaves whole lines only
            throw new IOException($"'{_file.Name}' cannot take another line ({e.Message})", e);
        }
    }
}

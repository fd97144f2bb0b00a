using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using UniPo.Cli.Hosting;

namespace UniPo.Cli.Running;

/// <summary>The parent's view of the process that runs one notebook.</summary>
internal sealed class CellProcess : IAsyncDisposable
{
    private const int MostStrayLines = 500;
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(2);

    private readonly NamedPipeServerStream _pipe;
    private readonly Process _process;
    private readonly string _mark;
    private readonly WindowsJob _job;

    // Bounded: whoever writes faster than is read has to wait.
    private readonly Channel<HostMessage> _messages = Channel.CreateBounded<HostMessage>(1000);
    private readonly ConcurrentQueue<string> _stray = new();
    private readonly CancellationTokenSource _over = new();
    private StreamWriter? _requests;
    private Task _reading = Task.CompletedTask;

    private CellProcess(NamedPipeServerStream pipe, Process process, string mark)
    {
        (_pipe, _process, _mark) = (pipe, process, mark);
        _job = new WindowsJob(process);
    }

    /// <summary>Starts a fresh process.</summary>
    /// <param name="folder">Its working directory: the notebook's folder, as in every notebook host.</param>
    /// <param name="withoutOwnBuild">True when UniPo is to come from a package.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<CellProcess> Start(string folder, bool withoutOwnBuild, CancellationToken cancellationToken)
    {
        var name = $"unipo-{Environment.ProcessId}-{Guid.NewGuid():N}";
        var pipe = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        var start = new ProcessStartInfo(DotNetHost.Path, [.. HostFiles.Start(withoutOwnBuild), CellHost.Command, name])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[FamilyKill.Mark] = name;
        var host = new CellProcess(pipe, Process.Start(start)!, name);
        try
        {
            host._process.StandardInput.Close();
            await host.Connect(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until cells can be run without the cost of the start.</summary>
    public async Task WaitUntilReady(CancellationToken cancellationToken)
    {
        await foreach (var message in Messages(cancellationToken))
            if (message is HostReady)
                return;
        throw new InvalidOperationException($"The process for the notebook did not start: {string.Join('\n', TakeStrayLines())}");
    }

    /// <summary>Sends a cell; its messages follow in <see cref="Messages"/>.</summary>
    public Task Send(CellRequest request, CancellationToken cancellationToken) =>
        _requests!.WriteLineAsync(HostMessage.ToLine(request).AsMemory(), cancellationToken);

    /// <summary>What the process says, until it ends.</summary>
    public IAsyncEnumerable<HostMessage> Messages(CancellationToken cancellationToken) =>
        _messages.Reader.ReadAllAsync(cancellationToken);

    /// <summary>
    /// Lines written to the process's own standard error since the last call: by native code, or by a runtime that gives up.
    /// </summary>
    public IReadOnlyList<string> TakeStrayLines()
    {
        List<string> lines = [];
        while (_stray.TryDequeue(out var line))
            lines.Add(line);
        return lines;
    }

    /// <summary>Memory of the process and of all it has started, in bytes.</summary>
    public long Memory => FamilyKill.Memory(_process);

    /// <summary>Ends the process and everything that it has started.</summary>
    public void Kill() => FamilyKill.End(_process, _mark);

    /// <summary>The exit code, once the process is gone; one that only closed its pipe is ended.</summary>
    public int WaitForExit()
    {
        if (!_process.WaitForExit(_grace))
            Kill();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        await _over.CancelAsync();
        await _reading;
        await _pipe.DisposeAsync();
        _process.Dispose();
        _job.Dispose();
        _over.Dispose();
    }

    private async Task Connect(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var exit = _process.WaitForExitAsync(ended.Token);
        var connected = _pipe.WaitForConnectionAsync(ended.Token);
        var first = await Task.WhenAny(connected, exit);
        if (first == exit)
            throw new InvalidOperationException(
                $"The process for the notebook did not start: {await _process.StandardError.ReadToEndAsync(CancellationToken.None)}"
            );
        await connected;
        await ended.CancelAsync();
        _requests = new StreamWriter(_pipe, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
        _reading = Listen();
    }

    // A program that a cell has started may hold the outputs open for ever: when the process itself is gone, what is still to come
    // gets a moment, and then nobody listens any more.
    private async Task Listen()
    {
        Task[] readers =
        [
            ReadMessages(new StreamReader(_pipe, new UTF8Encoding(false))),
            // What native code, or another program, writes past the captured console belongs to the cell as well.
            Read(_process.StandardOutput, async text => await Say(new StreamText("stdout", text))),
            Read(_process.StandardError, KeepStray),
        ];
        await _process.WaitForExitAsync();
        _over.CancelAfter(_grace);
        await Task.WhenAll(readers);
        _messages.Writer.TryComplete();
    }

    private ValueTask Say(HostMessage message) => _messages.Writer.WriteAsync(message, _over.Token);

    private ValueTask KeepStray(string text)
    {
        foreach (var line in text.Split('\n'))
            if (_stray.Count < MostStrayLines)
                _stray.Enqueue(line.TrimEnd('\r'));
        return ValueTask.CompletedTask;
    }

    private async Task ReadMessages(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync(_over.Token) is { } line)
                await Say(HostMessage.FromLine<HostMessage>(line));
        }
        catch (Exception fault)
            when (fault is IOException or ObjectDisposedException or JsonException or OperationCanceledException)
        {
            // The process died in the middle of a line; how it ended is told from its exit code.
        }
    }

    // In pieces, not in lines: a line may never end. A piece ends with a line where it can.
    private async Task Read(StreamReader reader, Func<string, ValueTask> take)
    {
        var (buffer, line) = (new char[4096], new StringBuilder());
        try
        {
            while (await reader.ReadAsync(buffer, _over.Token) is > 0 and var count)
            {
                line.Append(buffer, 0, count);
                if (line.Length < buffer.Length && Array.IndexOf(buffer, '\n', 0, count) < 0)
                    continue;
                await take(line.ToString());
                line.Clear();
            }

            if (line.Length > 0)
                await take(line.ToString());
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // As above.
        }
    }
}

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
    private readonly NamedPipeServerStream _pipe;
    private readonly Process _process;
    private readonly Channel<HostMessage> _messages = Channel.CreateUnbounded<HostMessage>();
    private readonly ConcurrentQueue<string> _stray = new();
    private readonly List<Task> _readers = [];
    private StreamWriter? _requests;

    private CellProcess(NamedPipeServerStream pipe, Process process)
    {
        _pipe = pipe;
        _process = process;
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
        var host = new CellProcess(pipe, Process.Start(start)!);
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

    /// <summary>The exit code, once the process is gone.</summary>
    public int ExitCode
    {
        get
        {
            _process.WaitForExit();
            return _process.ExitCode;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await Task.WhenAll(_readers);
        await _pipe.DisposeAsync();
        _process.Dispose();
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

        // What native code, or a dying runtime, writes past the captured console belongs to the cell as well.
        _readers.Add(Read(_process.StandardOutput, line => _messages.Writer.TryWrite(new StreamText("stdout", line + "\n"))));
        _readers.Add(Read(_process.StandardError, _stray.Enqueue));
        _readers.Add(
            Read(
                new StreamReader(_pipe, new UTF8Encoding(false)),
                line => _messages.Writer.TryWrite(HostMessage.FromLine<HostMessage>(line))
            )
        );
        _ = Task.WhenAll(_readers).ContinueWith(_ => _messages.Writer.TryComplete(), TaskScheduler.Default);
    }

    private static async Task Read(StreamReader reader, Action<string> take)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                take(line);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or JsonException)
        {
            // The process died in the middle of a line; how it ended is told from its exit code.
        }
    }
}

using System.IO.Pipes;
using System.Text;
using System.Threading.Channels;

namespace UniPo.Cli.Hosting;

/// <summary>The child's end of the pipe: cells come in, messages go out in order, from whatever thread.</summary>
internal sealed class HostChannel : IDisposable
{
    private readonly NamedPipeClientStream _pipe;
    private readonly StreamWriter _writer;
    private readonly Channel<CellRequest> _requests = Channel.CreateUnbounded<CellRequest>();
    private readonly Lock _lock = new();

    public HostChannel(string pipeName)
    {
        _pipe = new NamedPipeClientStream(".", pipeName, PipeDirection.InOut, PipeOptions.Asynchronous);
        _pipe.Connect(TimeSpan.FromSeconds(30));
        _writer = new StreamWriter(_pipe, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
        _ = Task.Run(ReadRequests);
    }

    /// <summary>The cells to run, until the parent closes the pipe.</summary>
    public IAsyncEnumerable<CellRequest> Requests => _requests.Reader.ReadAllAsync();

    /// <summary>
    /// Sends one message; it is on its way when this returns, so that nothing is lost if the process dies next.
    /// </summary>
    public void Send(HostMessage message)
    {
        var line = HostMessage.ToLine(message);
        lock (_lock)
            _writer.WriteLine(line);
    }

    public void Dispose() => _pipe.Dispose();

    private async Task ReadRequests()
    {
        using var reader = new StreamReader(_pipe, new UTF8Encoding(false), leaveOpen: true);
        while (await reader.ReadLineAsync() is { } line)
            await _requests.Writer.WriteAsync(HostMessage.FromLine<CellRequest>(line));

        // The parent is done, or gone. A cell that is still running, perhaps in an endless loop, has no reader left.
        ProcessFamily.End();
    }
}

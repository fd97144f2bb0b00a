namespace UniPo.Cli.Hosting;

/// <summary>
/// Lets the output of a cell through up to its limit. It stands where the output is made: a cell that prints for ever fills neither
/// the pipe nor the memory of the process that listens.
/// </summary>
/// <param name="send">Where messages go that pass.</param>
internal sealed class OutputGate(Action<HostMessage> send)
{
    private readonly Lock _lock = new();
    private long _left;
    private bool _isShut;

    /// <summary>A cell begins.</summary>
    /// <param name="limit">Most characters that it may show.</param>
    public void Open(long limit)
    {
        lock (_lock)
            (_left, _isShut) = (limit, false);
    }

    /// <summary>Passes a message on, cut or dropped where it is more than is left.</summary>
    public void Send(HostMessage message)
    {
        lock (_lock)
        {
            if (_isShut)
                return;
            var size = Size(message);
            if (size <= _left)
            {
                _left -= size;
                send(message);
                return;
            }

            if (message is StreamText text && _left > 0)
                send(text with { Text = text.Text[..(int)_left] });
            _isShut = true;
            send(new OutputDropped());
        }
    }

    private static long Size(HostMessage message) =>
        message switch
        {
            StreamText text => text.Text.Length,
            Shown shown => shown.Bundle.Values.Sum(v => (long)v.Length),
            _ => 0,
        };
}

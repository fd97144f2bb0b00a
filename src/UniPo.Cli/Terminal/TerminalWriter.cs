using System.Globalization;
using System.Text;

namespace UniPo.Cli.Terminal;

/// <summary>
/// The one way of text to the terminal: what could move the cursor, change colours or titles, or turn a line around becomes visible.
/// Names of files, messages of exceptions and texts of models come from others.
/// </summary>
/// <param name="inner">Where the text goes.</param>
internal sealed class TerminalWriter(TextWriter inner) : TextWriter(CultureInfo.InvariantCulture)
{
    private readonly TextWriter _inner = inner;
    private readonly Lock _lock = new();
    private char? _high;

    public override Encoding Encoding => _inner.Encoding;

    /// <summary>True for a writer that leads to a terminal, where a line may be written anew while work goes on.</summary>
    public static bool IsLive(TextWriter output) =>
        output is TerminalWriter writer && ReferenceEquals(writer._inner, Console.Out) && !Console.IsOutputRedirected;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_lock)
            _inner.Write(Harmless(buffer));
    }

    public override void WriteLine() => WriteLine("");

    public override void WriteLine(ReadOnlySpan<char> buffer) => WriteLine(buffer.ToString());

    public override void WriteLine(string? value)
    {
        lock (_lock)
            _inner.WriteLine(Harmless(value));
    }

    public override void Flush() => _inner.Flush();

    // A pair of surrogates may come in two writes.
    private string Harmless(ReadOnlySpan<char> text)
    {
        var whole = _high is { } high ? string.Concat([high], text) : text.ToString();
        _high = whole.Length > 0 && char.IsHighSurrogate(whole[^1]) ? whole[^1] : null;
        return TerminalText.Visible(_high is null ? whole : whole[..^1]);
    }
}

using System.Globalization;
using System.Text;

namespace UniPo.Cli.Hosting;

/// <summary>
/// Stands in for <see cref="Console.Out"/> or <see cref="Console.Error"/>: every write becomes a message at once.
/// </summary>
internal sealed class CapturedConsole(string name, Action<StreamText> send) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value))
            send(new StreamText(name, value));
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine() => Write("\n");

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, "\n"));
}

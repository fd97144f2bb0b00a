using System.Globalization;
using System.Text;

namespace UniPo.Interactive;

/// <summary>
/// Path data in few characters: steps from point to point in tenths of a unit. Rounding never adds up, because each step starts
/// where the last one ended.
/// </summary>
internal sealed class SvgPath
{
    private readonly StringBuilder _data = new();
    private long _x,
        _y;

    /// <summary>True between the first point of a line and its end.</summary>
    public bool IsDown { get; private set; }

    /// <summary>Draws to a point, or begins there.</summary>
    public void To(double x, double y)
    {
        var (nextX, nextY) = ((long)Math.Round(x * 10), (long)Math.Round(y * 10));
        if (!IsDown)
        {
            _data.Append('M');
            Write(nextX, first: true);
            Write(nextY, first: false);
            _data.Append('l');
        }
        else
        {
            Write(nextX - _x, first: _data[^1] == 'l');
            Write(nextY - _y, first: false);
        }
        (_x, _y, IsDown) = (nextX, nextY, true);
    }

    /// <summary>Ends the line; the next point begins another.</summary>
    public void Lift()
    {
        if (_data.Length > 0 && _data[^1] == 'l')
            _data.Length--;
        IsDown = false;
    }

    /// <summary>A point of its own: a line of no length, which round ends make visible.</summary>
    public void Dot() => _data.Append("0 0");

    /// <summary>Closes the shape.</summary>
    public void Close()
    {
        Lift();
        _data.Append('z');
    }

    /// <summary>The path data.</summary>
    public override string ToString()
    {
        Lift();
        return _data.ToString();
    }

    // A minus sign separates numbers by itself; otherwise a space is needed.
    private void Write(long tenths, bool first)
    {
        if (tenths >= 0 && !first)
            _data.Append(' ');
        if (tenths < 0)
            _data.Append('-');
        var size = Math.Abs(tenths);
        _data.Append(CultureInfo.InvariantCulture, $"{size / 10}");
        if (size % 10 != 0)
            _data.Append('.').Append((char)('0' + size % 10));
    }
}

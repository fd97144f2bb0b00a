namespace UniPo;

/// <summary>The lines of a large file as bytes with their places, a block at a time.</summary>
internal static class LineReader
{
    /// <summary>Longest line that is kept, in bytes; a longer one is passed over and counted.</summary>
    public const int Longest = 64 << 20;

    /// <summary>What is done with a line.</summary>
    /// <param name="offset">Byte at which it begins.</param>
    /// <param name="line">Its bytes without the line's end.</param>
    /// <returns>False to stop.</returns>
    public delegate bool Take(long offset, ReadOnlySpan<byte> line);

    /// <summary>Hands over each line that is not empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="take">Gets each line.</param>
    /// <returns>Number of lines that were too long.</returns>
    public static int Read(string path, Take take)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        var buffer = new byte[1 << 20];
        var (filled, from, tooLong) = (0, 0, 0);
        var (start, skipping) = (0L, false); // place of the buffer's first byte in the file
        while (true)
        {
            var end = buffer.AsSpan(from, filled - from).IndexOf((byte)'\n');
            if (end >= 0)
            {
                if (!skipping && !Give(take, start + from, buffer.AsSpan(from, end)))
                    return tooLong;
                skipping = false;
                from += end + 1;
                continue;
            }
            (filled, start) = (Shift(buffer, from, filled), start + from);
            from = 0;
            if (filled == buffer.Length && buffer.Length >= Longest)
            {
                if (!skipping)
                    tooLong++;
                (skipping, start, filled) = (true, start + filled, 0);
            }
            else if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var read = file.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
            {
                if (filled > 0 && !skipping)
                    Give(take, start, buffer.AsSpan(0, filled));
                return tooLong;
            }
            filled += read;
        }
    }

    private static int Shift(byte[] buffer, int from, int filled)
    {
        buffer.AsSpan(from, filled - from).CopyTo(buffer);
        return filled - from;
    }

    private static bool Give(Take take, long offset, ReadOnlySpan<byte> line)
    {
        var trimmed = line.TrimEnd((byte)'\r');
        return trimmed.Length == 0 || take(offset, trimmed);
    }
}

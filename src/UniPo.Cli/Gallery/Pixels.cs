using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace UniPo.Cli.Gallery;

/// <summary>A picture, pixel by pixel.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Colours">[Height × Width] red, green and blue, eight bits each.</param>
internal sealed record Pixels(int Width, int Height, int[] Colours)
{
    /// <summary>
    /// Reads what a browser writes: eight bits a channel, red, green, blue and perhaps opacity, not interlaced.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is another kind of PNG.</exception>
    public static Pixels Read(byte[] png)
    {
        var (header, packed) = Parts(png);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        var channels = header[9] switch
        {
            2 => 3,
            6 => 4,
            _ => 0,
        };
        if (header[8] != 8 || channels == 0 || header[12] != 0)
            throw new InvalidDataException(
                $"A screenshot should have eight bits a channel, but its header says {Convert.ToHexString(header)}."
            );
        using var inflate = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        var colours = new int[width * height];
        byte[] above = new byte[width * channels],
            row = new byte[width * channels];
        for (var y = 0; y < height; y++)
        {
            var filter = inflate.ReadByte();
            inflate.ReadExactly(row);
            Unfilter(filter, row, above, channels);
            for (var x = 0; x < width; x++)
                colours[y * width + x] = row[x * channels] << 16 | row[x * channels + 1] << 8 | row[x * channels + 2];
            (above, row) = (row, above);
        }

        return new Pixels(width, height, colours);
    }

    private static (byte[] Header, byte[] Packed) Parts(byte[] png)
    {
        byte[] header = [];
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var data = png.AsSpan(at + 8, length);
            switch (Encoding.ASCII.GetString(png, at + 4, 4))
            {
                case "IHDR":
                    header = data.ToArray();
                    break;
                case "IDAT":
                    packed.Write(data);
                    break;
            }

            at += length + 12;
        }

        return (header, packed.ToArray());
    }

    // Each byte was written as the difference to a guess from its neighbours: left, above, their mean, or the nearest of three
    // (Paeth).
    private static void Unfilter(int filter, byte[] row, byte[] above, int channels)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var (left, corner) = i < channels ? (0, 0) : ((int)row[i - channels], (int)above[i - channels]);
            row[i] += (byte)(
                filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => above[i],
                    3 => (left + above[i]) / 2,
                    _ => Paeth(left, above[i], corner),
                }
            );
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        var (a, b, c) = (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - 2 * corner));
        return a <= b && a <= c ? left
            : b <= c ? above
            : corner;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace UniPo.Cli.Gallery;

/// <summary>
/// Writes a picture of flat colours with a palette of 256: a third of the bytes of what a browser writes, and the same to the
/// eye.
/// </summary>
internal static class PalettePng
{
    private const int MostColours = 256;

    private static readonly byte[] _signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The picture as a PNG file.</summary>
    public static byte[] Write(Pixels picture)
    {
        var (palette, indices) = Reduce(picture.Colours);
        using var file = new MemoryStream();
        file.Write(_signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        (header[8], header[9]) = (8, 3); // eight bits, each the number of a colour
        Chunk(file, "IHDR", header);
        Chunk(file, "PLTE", [.. palette.SelectMany(c => new[] { (byte)(c >> 16), (byte)(c >> 8), (byte)c })]);
        Chunk(file, "IDAT", Deflate(indices, picture.Width, picture.Height));
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>
    /// The 256 commonest colours, so that areas keep exactly theirs; the shades on the edges of letters become the nearest of
    /// them.
    /// </summary>
    private static (int[] Palette, byte[] Indices) Reduce(int[] colours)
    {
        int[] palette =
        [
            .. colours.CountBy(c => c).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(MostColours).Select(c => c.Key),
        ];
        var numbers = palette.Select((colour, i) => (colour, i)).ToDictionary(c => c.colour, c => (byte)c.i);
        var indices = new byte[colours.Length];
        for (var i = 0; i < colours.Length; i++)
        {
            if (!numbers.TryGetValue(colours[i], out var number))
                numbers[colours[i]] = number = (byte)Nearest(palette, colours[i]);
            indices[i] = number;
        }

        return (palette, indices);
    }

    private static int Nearest(int[] palette, int colour)
    {
        var best = (Distance: int.MaxValue, Index: 0);
        for (var i = 0; i < palette.Length; i++)
        {
            int red = (palette[i] >> 16) - (colour >> 16),
                green = (palette[i] >> 8 & 0xFF) - (colour >> 8 & 0xFF),
                blue = (palette[i] & 0xFF) - (colour & 0xFF);
            var distance = red * red + green * green + blue * blue;
            if (distance < best.Distance)
                best = (distance, i);
        }

        return best.Index;
    }

    private static byte[] Deflate(byte[] indices, int width, int height)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize))
            for (var y = 0; y < height; y++)
            {
                deflate.WriteByte(0); // no filter: the difference of two colour numbers means nothing
                deflate.Write(indices, y * width, width);
            }
        return packed.ToArray();
    }

    private static void Chunk(MemoryStream file, string type, byte[] data)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(content));
        file.Write(number);
    }

    /// <summary>The checksum that ends every part of a PNG file (CRC-32, reflected, polynomial 0xEDB88320).</summary>
    private static uint Checksum(byte[] content)
    {
        var sum = 0xFFFFFFFFu;
        foreach (var part in content)
        {
            sum ^= part;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum >> 1) ^ ((sum & 1) == 0 ? 0 : 0xEDB88320u);
        }

        return ~sum;
    }
}

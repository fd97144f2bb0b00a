namespace UniPo.Torch;

/// <summary>
/// GPT-2's alphabet: printable Latin letters stand for their own byte, the others from U+0100 on for the bytes left.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly Dictionary<char, byte> _bytes = Build();

    /// <summary>The bytes that a token of the vocabulary stands for.</summary>
    /// <exception cref="InvalidDataException">The token holds a character outside of the alphabet.</exception>
    public static byte[] Bytes(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = _bytes.TryGetValue(token[i], out var value)
                ? value
                : throw new InvalidDataException(
                    $"The token '{token}' of the vocabulary is not written in the byte-level alphabet: it holds '{token[i]}'."
                );
        return bytes;
    }

    private static Dictionary<char, byte> Build()
    {
        var alphabet = new Dictionary<char, byte>();
        var next = 256;
        for (var value = 0; value < 256; value++)
            alphabet[
                value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : (char)next++
            ] = (byte)value;
        return alphabet;
    }
}

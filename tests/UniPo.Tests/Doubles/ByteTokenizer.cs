using System.Text;

namespace UniPo.Tests;

/// <summary>A tokenizer of another kind: one id for each byte of UTF-8, two ids that close a response, one that pads.</summary>
internal sealed class ByteTokenizer : ITokenizer
{
    public int Count => 259;
    public int End => 256;
    public int Pad => 258;

    public bool IsEnd(int token) => token is 256 or 257;

    public string TextOf(int token) =>
        token switch
        {
            256 => "<end>",
            257 => "<turn>",
            258 => "<pad>",
            < 128 => ((char)token).ToString(),
            _ => "\uFFFD", // a piece of a character
        };

    public int[] Encode(string text) => [.. Encoding.UTF8.GetBytes(text).Select(b => (int)b)];

    public string Decode(ReadOnlySpan<int> tokens) =>
        Encoding.UTF8.GetString([.. tokens.ToArray().Where(t => t < 256).Select(t => (byte)t)]);
}

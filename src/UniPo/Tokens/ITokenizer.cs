namespace UniPo;

/// <summary>Cuts text into token ids and back: the <see cref="Vocabulary"/> of a small model, or a tokenizer made elsewhere.</summary>
public interface ITokenizer
{
    /// <summary>Number of token ids V: ids lie in [0, V), and a policy gives V logits a token.</summary>
    int Count { get; }

    /// <summary>Id that fills unused places.</summary>
    int Pad { get; }

    /// <summary>Id that is written after a response that is given (supervised learning, right answers).</summary>
    int End { get; }

    /// <summary>True for every id that closes a response. The default knows one, <see cref="End"/>.</summary>
    bool IsEnd(int token) => token == End;

    /// <summary>How a reader sees one token. For pieces of a character it may be a replacement mark.</summary>
    /// <param name="token">In [0, <see cref="Count"/>).</param>
    string TextOf(int token);

    /// <summary>The token ids of a text, without a closing one.</summary>
    /// <exception cref="ArgumentException">The text cannot be written in these tokens.</exception>
    int[] Encode(string text);

    /// <summary>The text of these tokens together; tokens that close a response stand for no text.</summary>
    /// <remarks>
    /// Where tokens are pieces of characters (byte-level tokenizers) this is more than the texts of the single tokens in a row.
    /// </remarks>
    string Decode(ReadOnlySpan<int> tokens);
}

namespace UniPo;

/// <summary>Responses being written, one token a row at a time.</summary>
public interface IDecoding : IDisposable
{
    /// <summary>Number of rows, P × group.</summary>
    int Rows { get; }

    /// <summary>[rows, V] logits of each row's next token, row after row. Valid until the next <see cref="Append"/>.</summary>
    /// <remarks>May be empty where <see cref="Choose"/> is overridden and logits stay where they are computed.</remarks>
    ReadOnlySpan<float> Logits { get; }

    /// <summary>Chooses the next token of every row that is still open.</summary>
    /// <param name="places">[rows] in [0, 1): the place that is hit when all probabilities are stacked on a line of length 1, in
    /// the order of the ids. <see cref="NextToken.MostProbable"/> asks for the most probable token instead, and
    /// <see cref="NextToken.Ended"/> passes over a row that has ended.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    /// <param name="chosen">[rows] receives the tokens; rows that have ended are left as they are.</param>
    /// <remarks>The default reads <see cref="Logits"/>. A model with many symbols does better where its logits are.</remarks>
    /// <exception cref="NotFiniteNumberException">The logits of an open row are NaN or infinite.</exception>
    void Choose(ReadOnlySpan<double> places, double temperature, Span<NextToken> chosen)
    {
        var logits = Logits;
        var width = logits.Length / Rows;
        for (var row = 0; row < Rows; row++)
            if (!double.IsNaN(places[row]))
                chosen[row] = NextToken.Choose(logits.Slice(row * width, width), temperature, places[row]);
    }

    /// <summary>Adds one token to every row and computes the logits after it.</summary>
    /// <param name="tokens">[rows] token ids; −1 for a row that has ended, whose logits are undefined from then on.</param>
    void Append(ReadOnlySpan<int> tokens);
}

using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Prompts and responses as one matrix, and where each response token is predicted from.</summary>
internal sealed class PaddedBatch
{
    /// <summary>Lays sequences side by side, padded on the right.</summary>
    /// <param name="sequences">What is scored.</param>
    /// <param name="vocabulary">Number of token ids V.</param>
    /// <param name="pad">Fills unused places.</param>
    /// <param name="device">Where the model computes.</param>
    /// <exception cref="ArgumentException">A token id lies outside of [0, V).</exception>
    public PaddedBatch(TokenSequences sequences, int vocabulary, int pad, Device device)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var layout = sequences.Layout;
        var width = 1;
        for (var row = 0; row < layout.Responses; row++)
            width = Math.Max(
                width,
                sequences.Prompts[layout.GroupOf[row]].Length + Math.Max(sequences.Responses[row].Length - 1, 0)
            );
        var (tokens, places, targets) = (new long[layout.Responses * width], new long[layout.Tokens], new long[layout.Tokens]);
        Array.Fill(tokens, pad);
        for (int row = 0, n = 0; row < layout.Responses; row++)
        {
            var at = row * width;
            var (prompt, response) = (sequences.Prompts[layout.GroupOf[row]], sequences.Responses[row]);
            foreach (var token in prompt)
                tokens[at++] = Checked(token, vocabulary);
            for (var t = 0; t < response.Length; t++, n++)
            {
                (places[n], targets[n]) = (at - 1, Checked(response[t], vocabulary));
                if (t + 1 < response.Length)
                    tokens[at++] = response[t];
            }
        }
        Tokens = tensor(tokens, [layout.Responses, width]).to(device);
        Places = tensor(places).to(device);
        Targets = tensor(targets).to(device);
    }

    /// <summary>[B, T] ids. The last token of a response is left out: nothing is predicted from it.</summary>
    public Tensor Tokens { get; }

    /// <summary>[ΣT] index of the place before each response token, in the flattened matrix.</summary>
    public Tensor Places { get; }

    /// <summary>[ΣT] the response tokens.</summary>
    public Tensor Targets { get; }

    /// <summary>A token id, if the model knows it.</summary>
    public static long Checked(int token, int vocabulary) =>
        (uint)token < (uint)vocabulary
            ? token
            : throw new ArgumentException(
                $"There is no token with the id {token}; the model knows the ids 0 to {vocabulary - 1}."
            );
}

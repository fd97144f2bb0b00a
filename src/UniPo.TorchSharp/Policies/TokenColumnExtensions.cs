using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>UniPo's columns as tensors, for those who write the training loop themselves.</summary>
/// <example><code>
/// var (weights, mask) = objective.Evaluate(batch).Weight.Padded();
/// var loss = -(weights * logProbs).sum();      // logProbs: [B, T] log π of the response tokens, from the own model
/// loss.backward();
/// </code></example>
public static class TokenColumnExtensions
{
    /// <summary>One row a response, padded with 0 on the right.</summary>
    /// <param name="column">A number for every token, for instance <see cref="TokenReport.Weight"/>.</param>
    /// <returns>[B, T] the numbers in single precision, and [B, T] true where there is a token that counts; T is the length of
    /// the longest response.</returns>
    public static (Tensor Values, Tensor Mask) Padded(this TokenColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        LibTorch.Require();
        var layout = column.Layout;
        var (rows, width) = (layout.Responses, layout.MaxLength);
        var (values, mask) = (new float[rows * width], new bool[rows * width]);
        for (var row = 0; row < rows; row++)
        for (var t = 0; t < layout.Length(row); t++)
        {
            values[(row * width) + t] = (float)column[row, t];
            mask[(row * width) + t] = layout.IsActive(layout.RowStarts[row] + t);
        }
        return (tensor(values, [rows, width]), tensor(mask, [rows, width]));
    }
}

namespace UniPo;

/// <summary>
/// Finds the first number of an update that is not finite, and says where it stands, before it can spoil the parameters.
/// </summary>
internal static class FiniteCheck
{
    public const string Cause = "The usual cause is a learning rate that is too high.";

    /// <summary>Checks one column of a forward pass.</summary>
    public static void Column(string what, ReadOnlySpan<double> values, RolloutBatch batch, ParameterSet parameters)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i]))
                continue;
            var row = batch.Layout.RowStarts.BinarySearch(i) is var found && found >= 0 ? found : ~found - 1;
            throw new ArithmeticException(
                FormattableString.Invariant(
                    $"the {what} of token {i - batch.Layout.RowStarts[row]} of the response \"{batch.Responses[row].Text}\" is {values[i]}; {Culprit(parameters)}. {Cause}"
                )
            );
        }
    }

    public static void Objective(TokenReport report, ParameterSet parameters)
    {
        if (!double.IsFinite(report.Summary.Objective))
            throw new ArithmeticException(
                FormattableString.Invariant(
                    $"the objective {report.Objective.Name} is {report.Summary.Objective}; {Culprit(parameters)}. {Cause}"
                )
            );
        foreach (var weight in report.Weight.Values)
            if (!double.IsFinite(weight))
                throw new ArithmeticException(
                    FormattableString.Invariant(
                        $"the weight of a token under {report.Objective.Name} is {weight}; {Culprit(parameters)}. {Cause}"
                    )
                );
    }

    /// <summary>Checks every parameter.</summary>
    public static void Parameters(ParameterSet parameters)
    {
        foreach (var tensor in parameters.Tensors)
            if (NotFinite(parameters[tensor]) is { } value)
                throw new ArithmeticException(
                    FormattableString.Invariant($"the tensor '{tensor.Name}' holds {value} after the step. {Cause}")
                );
    }

    /// <summary>Names the first tensor whose gradient is not finite.</summary>
    public static string Gradient(ParameterSet parameters)
    {
        foreach (var tensor in parameters.Tensors)
            if (NotFinite(parameters.GradientOf(tensor)) is { } value)
                return FormattableString.Invariant($"the gradient of the tensor '{tensor.Name}' holds {value}. {Cause}");
        return $"the squared gradient is too large for a number, although every element is finite. {Cause}";
    }

    /// <summary>Names the first tensor that is not finite, or else the one with the largest element.</summary>
    public static string Culprit(ParameterSet parameters)
    {
        foreach (var tensor in parameters.Tensors)
            if (NotFinite(parameters[tensor]) is { } value)
                return FormattableString.Invariant($"the tensor '{tensor.Name}' holds {value}");
        var largest = parameters.Tensors.MaxBy(t => Largest(parameters[t]))!;
        return FormattableString.Invariant(
            $"all parameters are finite, the largest of them, {Largest(parameters[largest]):g3}, lies in the tensor '{largest.Name}'"
        );
    }

    private static float? NotFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!float.IsFinite(value))
                return value;
        return null;
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}

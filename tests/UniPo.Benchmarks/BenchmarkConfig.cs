namespace UniPo.Benchmarks;

/// <summary>A model and a batch that both sides of a comparison compute.</summary>
/// <param name="Name">A or B.</param>
/// <param name="Model">Shape of the transformer.</param>
/// <param name="Prompts">Prompts of a step.</param>
/// <param name="Group">Responses to each.</param>
/// <param name="PromptTokens">Tokens of a prompt.</param>
/// <param name="ResponseTokens">Tokens of a response; all are this long.</param>
internal sealed record BenchmarkConfig(
    string Name,
    TinyTransformerConfig Model,
    int Prompts,
    int Group,
    int PromptTokens,
    int ResponseTokens
)
{
    public static BenchmarkConfig A { get; } =
        new(
            "A",
            new()
            {
                Layers = 2,
                Width = 64,
                Heads = 4,
                Hidden = 176,
                ContextLength = 32,
            },
            8,
            16,
            8,
            16
        );

    public static BenchmarkConfig B { get; } =
        new(
            "B",
            new()
            {
                Layers = 4,
                Width = 128,
                Heads = 4,
                Hidden = 352,
                ContextLength = 64,
            },
            16,
            16,
            16,
            32
        );

    public static BenchmarkConfig Named(string name) =>
        name.ToUpperInvariant() switch
        {
            "A" => A,
            "B" => B,
            _ => throw new ArgumentException($"There is no configuration '{name}'; there are A and B."),
        };

    /// <summary>32 symbols.</summary>
    public Vocabulary Vocabulary { get; } = Vocabulary.OfCharacters("0123456789abcdefghijklmnopqrst");

    public int Responses => Prompts * Group;

    public int Tokens => Responses * ResponseTokens;

    private double LinearFlop => Model.Layers * 2.0 * ((4 * Model.Width * Model.Width) + (3 * Model.Width * Model.Hidden));

    private double HeadFlop => 2.0 * Model.Width * Vocabulary.Count;

    private double AttentionFlop(int keys) => 4.0 * Model.Layers * Model.Width * keys;

    /// <summary>
    /// Multiplications and additions of a forward pass over all responses, each with its own prompt: the work asked for.
    /// </summary>
    public double ForwardFlop
    {
        get
        {
            var inputs = PromptTokens + ResponseTokens - 1;
            var attention = Enumerable.Range(1, inputs).Sum(AttentionFlop);
            return Responses * ((inputs * LinearFlop) + (ResponseTokens * HeadFlop) + attention);
        }
    }

    /// <summary>The same with each prompt computed once for its group: the work done.</summary>
    public double SharedForwardFlop
    {
        get
        {
            var prompt = (PromptTokens * LinearFlop) + Enumerable.Range(1, PromptTokens).Sum(AttentionFlop) + HeadFlop;
            var response =
                ((ResponseTokens - 1) * (LinearFlop + HeadFlop))
                + Enumerable.Range(PromptTokens + 1, ResponseTokens - 1).Sum(AttentionFlop);
            return (Prompts * prompt) + (Responses * response);
        }
    }
}

namespace UniPo.Numerics;

/// <summary>Room for one head of one prompt with its responses; one per thread.</summary>
internal sealed unsafe class AttentionScratch
{
    private readonly FloatBuffer _rows = new(), _columns = new(), _scores = new(), _prompt = new();

    /// <summary>[rows, head] the head's queries, keys, values and outputs, and their derivatives.</summary>
    public float* Queries, Keys, Values, Outputs, QueryGradient, KeyGradient, ValueGradient;

    /// <summary>[prompt, head] derivative by the prompt's keys and values, summed over all responses.</summary>
    public float* PromptKeyGradient, PromptValueGradient;

    /// <summary>[head, keys] keys and values as columns.</summary>
    public float* KeyColumns, ValueColumns;

    /// <summary>[queries, keys] probabilities and the derivative by them.</summary>
    public float* Scores, ScoreGradient;

    /// <summary>Floats from one row of <see cref="Scores"/> or of the columns to the next.</summary>
    public int KeyStride;

    /// <summary>Elements of a head, and floats from one row of a head to the next.</summary>
    public int Size, Head;

    /// <summary>Makes room. What lies beyond a head's elements in its rows is undefined.</summary>
    /// <param name="rows">Rows of the prompt and all responses.</param>
    /// <param name="longest">Rows of the longest sequence among the prompt and its responses.</param>
    /// <param name="prompt">Rows of the prompt.</param>
    /// <param name="size">Elements of a head.</param>
    public void Reserve(int rows, int longest, int prompt, int size)
    {
        (Size, Head) = (size, Padding.Up(size));
        var head = Head;
        KeyStride = Padding.Up(prompt + longest) + 16;
        long block = (long)Padding.Rows(rows) * head, columns = (long)head * KeyStride, scores = (long)Padding.Rows(longest) * KeyStride;
        long promptBlock = (long)Padding.Rows(prompt) * head;
        Queries = _rows.Reserve(7 * block);
        Keys = Queries + block;
        Values = Keys + block;
        Outputs = Values + block;
        QueryGradient = Outputs + block;
        KeyGradient = QueryGradient + block;
        ValueGradient = KeyGradient + block;
        PromptKeyGradient = _prompt.Reserve(2 * promptBlock);
        PromptValueGradient = PromptKeyGradient + promptBlock;
        KeyColumns = _columns.Reserve(2 * columns);
        ValueColumns = KeyColumns + columns;
        Scores = _scores.Reserve(2 * scores);
        ScoreGradient = Scores + scores;
    }
}

namespace UniPo.Engine;

/// <summary>Room for the attention of one head; one per thread.</summary>
internal sealed unsafe class AttentionScratch
{
    private readonly FloatBuffer _rows = new(),
        _columns = new(),
        _scores = new(),
        _prompt = new();

    /// <summary>[head, 16] sixteen queries, and the derivatives by their outputs, as columns.</summary>
    public float* QueryColumns,
        OutputColumns;

    /// <summary>[keys, 16] probabilities of sixteen queries, and the derivatives by them.</summary>
    public float* Scores,
        ScoreGradient;

    /// <summary>[prompt, head] derivative by the prompt's keys and values, summed over all responses.</summary>
    public float* PromptKeyGradient,
        PromptValueGradient;

    /// <summary>[rows, head] a head's rows, padded: eight blocks, used only where a head is no multiple of sixteen.</summary>
    public float* Rows;

    /// <summary>Floats of one of the blocks of <see cref="Rows"/>.</summary>
    public long Block;

    /// <summary>Makes room.</summary>
    /// <param name="keys">Rows of the prompt and of the longest response.</param>
    /// <param name="prompt">Rows of the prompt.</param>
    /// <param name="head">Padded head size.</param>
    /// <param name="copies">Rows to be copied head by head; 0 where heads are used in place.</param>
    public void Reserve(int keys, int prompt, int head, int copies)
    {
        QueryColumns = _columns.Reserve(2L * head * 16);
        OutputColumns = QueryColumns + (head * 16L);
        long scores = Padding.Rows(keys) * 16L,
            block = Padding.Rows(prompt) * (long)head;
        Scores = _scores.Reserve(2 * scores);
        ScoreGradient = Scores + scores;
        PromptKeyGradient = _prompt.Reserve(2 * block);
        PromptValueGradient = PromptKeyGradient + block;
        Block = Padding.Rows(copies) * (long)head;
        Rows = copies > 0 ? _rows.Reserve(8 * Block) : null;
    }
}

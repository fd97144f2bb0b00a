using System.Runtime.InteropServices;

namespace UniPo.Engine;

/// <summary>Which token stands in which row of the activations.</summary>
/// <remarks>
/// A prompt's rows come first, once, then the rows of its responses without their last token (nothing is predicted after it).
/// So the row that predicts token t of a response is its row t − 1, and for t = 0 the prompt's last row, which all responses
/// share. Rows are cut into blocks, which do not depend on each other: the unit of work of a thread. Where the cuts lie depends
/// on the batch alone. A group too large for one block is spread over several, each with a copy of the prompt.
/// </remarks>
internal sealed class SequenceRows
{
    /// <summary>Rows of a block that holds several groups.</summary>
    private const int BlockRows = 256;

    /// <summary>
    /// Rows of a block that holds a part of one large group, about: each part computes its own copy of the prompt, so parts are few.
    /// </summary>
    private const int SplitGroupRows = 560;

    private readonly List<Segment> _segments = [];
    private readonly List<RowBlock> _blocks = [];
    private readonly List<int> _tokens = [],
        _inputLengths = [],
        _predictors = [],
        _targets = [];

    /// <summary>A prompt with some of its responses: rows that attend to each other.</summary>
    public readonly record struct Segment(int Row, int Prompt, int PromptRows, int FirstResponse, int Responses, int Rows);

    /// <summary>Segments that are computed together.</summary>
    public readonly record struct RowBlock(int Row, int Rows, int FirstSegment, int Segments);

    public IReadOnlyList<RowBlock> Blocks => _blocks;

    /// <summary>Rows of all blocks; each block's begin at a multiple of eight.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows of the largest block.</summary>
    public int LargestBlock { get; private set; }

    /// <summary>[rows] token id of each row.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    public ReadOnlySpan<Segment> Segments => CollectionsMarshal.AsSpan(_segments);

    /// <summary>[responses] rows of the responses of a segment.</summary>
    public ReadOnlySpan<int> InputLengths(in Segment segment) =>
        CollectionsMarshal.AsSpan(_inputLengths).Slice(segment.FirstResponse, segment.Responses);

    /// <summary>[ΣT] the row that predicts each token of the responses.</summary>
    public ReadOnlySpan<int> Predictors => CollectionsMarshal.AsSpan(_predictors);

    /// <summary>[ΣT] id of each token of the responses.</summary>
    public ReadOnlySpan<int> Targets => CollectionsMarshal.AsSpan(_targets);

    /// <summary>Assigns rows to prompts and responses.</summary>
    /// <exception cref="ArgumentException">A token id is unknown, or a sequence is longer than the context.</exception>
    public void Assign(TokenSequences sequences, TinyTransformerConfig config, int vocabulary)
    {
        Clear();
        var layout = sequences.Layout;
        for (var group = 0; group < layout.Groups; group++)
        {
            var prompt = sequences.Prompts[group];
            Check(prompt, config, vocabulary, 0, "Prompt", group);
            var (first, end) = (layout.GroupStarts[group], layout.GroupStarts[group + 1]);
            for (var response = first; response < end; response++)
            {
                Check(sequences.Responses[response], config, vocabulary, prompt.Length, "Response", response);
                _inputLengths.Add(Math.Max(sequences.Responses[response].Length - 1, 0));
            }
            Cut(sequences, group, first, end);
        }
        CloseBlock();
    }

    /// <summary>Places a group, in parts of about as many rows each when it is too large for one block.</summary>
    private void Cut(TokenSequences sequences, int group, int first, int end)
    {
        var prompt = sequences.Prompts[group].Length;
        var own = CollectionsMarshal.AsSpan(_inputLengths)[first..end];
        var total = 0;
        foreach (var rows in own)
            total += rows;
        var parts =
            prompt + total <= BlockRows
                ? 1
                : Math.Min(total / Math.Max(SplitGroupRows - prompt, prompt) + 1, Math.Max(end - first, 1));
        var (next, before) = (first, 0);
        for (var part = 1; part <= parts; part++)
        {
            var (start, rows) = (next, prompt);
            // A response joins this part when its middle lies before the part's end; the last part takes the rest.
            while (next < end && (part == parts || parts * (2L * before + own[next - first]) <= 2L * part * total))
            {
                rows += own[next - first];
                before += own[next++ - first];
            }
            if (next > start || parts == 1)
                Place(new Segment(0, group, prompt, start, next - start, rows), sequences);
        }
    }

    /// <summary>Assigns rows to prompts alone, each a segment.</summary>
    public void Assign(IReadOnlyList<int[]> prompts, TinyTransformerConfig config, int vocabulary)
    {
        Clear();
        for (var prompt = 0; prompt < prompts.Count; prompt++)
        {
            Check(prompts[prompt], config, vocabulary, 0, "Prompt", prompt);
            Place(new Segment(Rows, prompt, prompts[prompt].Length, 0, 0, prompts[prompt].Length), prompts[prompt]);
        }
        CloseBlock();
    }

    private void Clear()
    {
        _segments.Clear();
        _blocks.Clear();
        _tokens.Clear();
        _inputLengths.Clear();
        _predictors.Clear();
        _targets.Clear();
        (Rows, LargestBlock) = (0, 0);
    }

    private void Place(Segment segment, TokenSequences sequences)
    {
        Place(segment, sequences.Prompts[segment.Prompt]);
        var lastOfPrompt = _tokens.Count - 1;
        for (var response = segment.FirstResponse; response < segment.FirstResponse + segment.Responses; response++)
        {
            ReadOnlySpan<int> tokens = sequences.Responses[response];
            for (var t = 0; t < tokens.Length; t++)
                _predictors.Add(t == 0 ? lastOfPrompt : _tokens.Count + t - 1);
            _targets.AddRange(tokens);
            _tokens.AddRange(tokens[.._inputLengths[response]]);
        }
    }

    private void Place(Segment segment, int[] prompt)
    {
        var open = _blocks.Count > 0 ? _blocks[^1] : default;
        if (open.Segments > 0 && open.Rows + segment.Rows <= BlockRows)
            _blocks[^1] = open with { Rows = open.Rows + segment.Rows, Segments = open.Segments + 1 };
        else
        {
            CloseBlock();
            _blocks.Add(new RowBlock(Rows, segment.Rows, _segments.Count, 1));
        }
        _segments.Add(segment with { Row = Rows });
        Rows += segment.Rows;
        _tokens.AddRange(prompt.AsSpan());
    }

    /// <summary>Blocks of eight rows may run over a block's end, so the next one begins after a gap.</summary>
    private void CloseBlock()
    {
        if (_blocks.Count == 0)
            return;
        LargestBlock = Math.Max(LargestBlock, _blocks[^1].Rows);
        var end = _blocks[^1].Row + Padding.Rows(_blocks[^1].Rows);
        CollectionsMarshal.SetCount(_tokens, end);
        CollectionsMarshal.AsSpan(_tokens)[Rows..].Clear();
        Rows = end;
    }

    private static void Check(int[] tokens, TinyTransformerConfig config, int vocabulary, int before, string what, int index)
    {
        if (before + tokens.Length > config.ContextLength)
            throw new ArgumentException(
                before == 0
                    ? $"Prompt {index} has {tokens.Length} tokens, but the context holds {config.ContextLength}."
                    : $"Response {index} has {tokens.Length} tokens after a prompt of {before}, {before + tokens.Length} together, but the context holds {config.ContextLength}."
            );
        foreach (var token in tokens)
            if ((uint)token >= (uint)vocabulary)
                throw new ArgumentException(
                    $"{what} {index} holds the token id {token}; ids of this vocabulary lie in [0, {vocabulary})."
                );
    }
}

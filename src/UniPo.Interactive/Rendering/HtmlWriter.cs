using System.Text;
using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// Writes HTML and SVG. The only place where text becomes markup: every text and every attribute value is escaped here.
/// </summary>
/// <remarks>
/// Element and attribute names are constants of the views; anything a model, a task or a log supplies goes through
/// <see cref="Text"/> or a value.
/// </remarks>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _out = new();
    private readonly Stack<string> _open = new();
    private readonly List<(string Word, string Meaning)> _explanations = [];

    /// <summary>Words that the view has used and that its end explains, in the order of their first use.</summary>
    public IReadOnlyList<(string Word, string Meaning)> Explanations => _explanations;

    /// <summary>Remembers a word for the end of the view; true when it is new there.</summary>
    public bool Explain(string word, string meaning)
    {
        if (meaning.Length == 0 || _explanations.Exists(e => e.Word == word))
            return false;
        _explanations.Add((word, meaning));
        return true;
    }

    /// <summary>Opens an element; an attribute whose value is null is left out.</summary>
    public HtmlWriter Open(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(element, attributes);
        _open.Push(element);
        return this;
    }

    /// <summary>Closes the element that was opened last.</summary>
    public HtmlWriter Close()
    {
        _out.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>An element with a text.</summary>
    public HtmlWriter Element(string element, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Open(element, attributes).Text(text).Close();

    /// <summary>An SVG shape or another element without content.</summary>
    public HtmlWriter Shape(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(element, attributes);
        _out.Append("</").Append(element).Append('>');
        return this;
    }

    /// <summary>Text, escaped, with what cannot be seen made visible.</summary>
    public HtmlWriter Text(string? text)
    {
        Escape(VisibleText.Of(text, longest: int.MaxValue));
        return this;
    }

    /// <summary>A line break in the source, so that a stored output can be read and compared.</summary>
    public HtmlWriter Line()
    {
        _out.Append('\n');
        return this;
    }

    /// <summary>Style rules, which are constants of the views.</summary>
    public HtmlWriter Style(string rules)
    {
        if (rules.Contains("</", StringComparison.Ordinal))
            throw new ArgumentException("Style rules must not close an element.", nameof(rules));
        _out.Append("<style>").Append(rules).Append("</style>");
        return this;
    }

    /// <summary>
    /// Data for the scripts, as JSON that cannot close its element: the encoder writes &lt;, &gt; and &amp; as escapes.
    /// </summary>
    public HtmlWriter Payload(JsonObject data)
    {
        _out.Append("<script type=\"application/json\" class=\"unipo-payload\">").Append(data.ToJsonString()).Append("</script>");
        return this;
    }

    /// <summary>A line of a formula. The library writes it with an XML writer, so it is markup already.</summary>
    public HtmlWriter Math(FormulaLine line) => Markup(line.ToMathMl());

    /// <summary>A letter of a formula, with its value if it has one.</summary>
    public HtmlWriter Math(FormulaSymbol symbol) => Markup(symbol.ToMathMl());

    /// <summary>A step of an explanation: its formula with numbers.</summary>
    public HtmlWriter Math(ExplanationStep step) => Markup(step.ToMathMl());

    private HtmlWriter Markup(string finished)
    {
        // Inside HTML the element's name says it all; the name space is only needed in a file of its own.
        _out.Append(finished.Replace(" xmlns=\"http://www.w3.org/1998/Math/MathML\"", "", StringComparison.Ordinal));
        return this;
    }

    /// <summary>A piece that another writer of this kind has finished.</summary>
    public HtmlWriter Piece(HtmlWriter finished)
    {
        _out.Append(finished);
        foreach (var (word, meaning) in finished.Explanations)
            Explain(word, meaning);
        return this;
    }

    /// <summary>What was written.</summary>
    /// <exception cref="InvalidOperationException">An element is still open.</exception>
    public override string ToString() =>
        _open.Count == 0 ? _out.ToString() : throw new InvalidOperationException($"The element '{_open.Peek()}' is still open.");

    private void Tag(string element, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _out.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            if (value is null)
                continue;
            _out.Append(' ').Append(name).Append("=\"");
            Escape(VisibleText.Of(value, longest: int.MaxValue));
            _out.Append('"');
        }
        _out.Append('>');
    }

    private void Escape(string text)
    {
        foreach (var c in text)
            _ = c switch
            {
                '<' => _out.Append("&lt;"),
                '>' => _out.Append("&gt;"),
                '&' => _out.Append("&amp;"),
                '"' => _out.Append("&quot;"),
                '\'' => _out.Append("&#39;"),
                _ => _out.Append(c),
            };
    }
}

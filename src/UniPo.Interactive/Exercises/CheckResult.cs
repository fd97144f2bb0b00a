namespace UniPo.Interactive;

/// <summary>How an exercise or a prediction came out: a sentence, and hints folded into each other.</summary>
public sealed record CheckResult : View
{
    private CheckResult(string question, string mark, string says, string kind, IReadOnlyList<string> hints)
    {
        if (hints.Count > 3)
            throw new ArgumentException($"An exercise takes up to three hints, but '{question}' has {hints.Count}.");
        (Question, Says, _mark, _kind, Hints) = (question, says, mark, kind, hints);
    }

    private readonly string _mark,
        _kind;

    /// <summary>What was asked.</summary>
    public string Question { get; }

    /// <summary>What is said about the answer.</summary>
    public string Says { get; }

    /// <summary>Hints still open to the reader, the gentlest first.</summary>
    public IReadOnlyList<string> Hints { get; }

    /// <summary>True when the answer is right.</summary>
    public bool Passed => _kind == "right";

    /// <summary>True while the exercise or prediction is blank.</summary>
    public bool IsBlank => _kind == "blank";

    internal static CheckResult Right(string question, string says) => new(question, "✓", says, "right", []);

    internal static CheckResult Wrong(string question, string says, string[] hints) => new(question, "✗", says, "wrong", hints);

    internal static CheckResult Told(string question, string says) => new(question, "→", says, "told", []);

    internal static CheckResult Blank(string question, string[] hints) =>
        new(question, "○", "Your turn: put your answer in place of null and run the cell again.", "blank", hints);

    internal static CheckResult Unguessed(string question) =>
        new(
            question,
            "○",
            "Guess first: put a number in place of null and run the cell again. Any guess is welcome.",
            "blank",
            []
        );

    private protected override string Element => "check";

    private protected override string[] StyleSections => ["check"];

    private protected override IEnumerable<Block> Blocks() => [new Picture(Draw, Say)];

    private void Draw(HtmlWriter html)
    {
        html.Open("div", ("class", $"check {_kind}"), ("role", "status"));
        html.Open("p").Element("strong", $"{_mark} {Question}").Text(" ").Element("span", Says).Close();
        // Each hint is folded inside the one before it.
        for (var i = 0; i < Hints.Count; i++)
            html.Open("details").Element("summary", $"Hint {i + 1} of {Hints.Count}").Element("p", Hints[i]);
        foreach (var _ in Hints)
            html.Close();
        html.Close();
    }

    private void Say(TextPage page)
    {
        page.Line($"{_mark} {Question}: {Says}", indent: 2);
        if (Hints.Count > 0)
            page.Line($"  Hint 1 of {Hints.Count}: {Hints[0]}", indent: 4);
    }
}

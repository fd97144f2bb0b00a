using System.Text.Json.Nodes;

namespace UniPo.Formulas;

/// <summary>Expressions as JSON: short arrays that begin with their kind, the same for logs and for the script of pages.</summary>
/// <remarks>
/// <code>min(r_it·A_i, clip(r_it, 1 − ε, 1 + ε)·A_i)  →  ["Min",["*",["d","r_it"],["d","A_i"]],["*",["Clip",…],["d","A_i"]]]</code>
/// Letters that stand for a longer expression are written once, in <see cref="Letters"/>, and referred to by their text.
/// </remarks>
internal sealed class ExpressionJson
{
    private static readonly Dictionary<Quantity, string> _quantities = NamesOf(Quantities.ByName);

    private static readonly Dictionary<IndexRange, string> _ranges = NamesOf(Over.ByName);

    /// <summary>What each letter stands for: its symbol, its meaning, its expression.</summary>
    public JsonObject Letters { get; } = [];

    /// <summary>An expression; letters it uses are added to <see cref="Letters"/>.</summary>
    public JsonArray Write(Expression expression) =>
        expression switch
        {
            NumberNode number => ["n", Number(number.Value)],
            SettingNode setting => ["s", setting.Symbol.ToString(), Number(setting.Value), setting.Meaning],
            QuantityNode quantity => ["q", _quantities[quantity.Quantity]],
            DefinitionNode letter => Letter(letter),
            MarkedNode marked => Write(marked.Body),
            AddNode sum => All("+", sum.Terms),
            NegateNode negated => All("−", [negated.Body]),
            MultiplyNode product => All("*", product.Factors),
            FractionNode fraction => All("/", [fraction.Numerator, fraction.Denominator]),
            FunctionNode { IsGuard: true } guard => All(guard.Function == Function.Min ? "Cap" : "Guard", guard.Arguments),
            FunctionNode function => All(function.Function.ToString(), function.Arguments),
            RelationNode relation => All(relation.Sign, [relation.Left, relation.Right]),
            CasesNode cases => All("Cases", [cases.Condition, cases.Then, cases.Otherwise]),
            FoldNode { Ddof: 0 } fold => ["fold", fold.Fold.ToString(), _ranges[fold.Range], Write(fold.Body)],
            FoldNode fold => ["fold", fold.Fold.ToString(), _ranges[fold.Range], Write(fold.Body), Number(fold.Ddof)],
            _ => throw new FormulaException(
                $"{PlainWriter.Write(expression)} can be written for readers, but not as a formula that runs."
            ),
        };

    private static Dictionary<T, string> NamesOf<T>(IReadOnlyDictionary<string, T> named)
        where T : notnull
    {
        var names = named.ToDictionary(n => n.Value, n => n.Key);
        if (names is Dictionary<Quantity, string> quantities)
            foreach (var (name, blank) in Blanks.ByName)
                quantities[blank] = name;
        return names;
    }

    private JsonArray All(string kind, IEnumerable<Expression> pieces) => [kind, .. pieces.Select(Write)];

    // JSON has no infinity: a bound that is none is written as text.
    private static JsonNode Number(double value) =>
        double.IsFinite(value)
            ? JsonValue.Create(value)
            : JsonValue.Create(
                value > 0 ? "∞"
                : double.IsNaN(value) ? "NaN"
                : "−∞"
            );

    private JsonArray Letter(DefinitionNode letter)
    {
        var name = letter.Symbol.ToString();
        if (!Letters.ContainsKey(name))
        {
            Letters[name] = null; // claims its place, so that letters stand in the order in which they are met
            Letters[name] = new JsonArray(
                letter.Symbol.Base,
                letter.Symbol.Index,
                letter.Symbol.Label,
                letter.Meaning,
                Write(letter.Body)
            );
        }
        return ["d", name];
    }

    /// <summary>The expression that was written.</summary>
    /// <param name="tree">What <see cref="Write"/> gave.</param>
    /// <param name="letters">The letters it refers to.</param>
    /// <exception cref="FormatException">The tree holds a piece that no formula has.</exception>
    public static Expression Read(JsonNode? tree, JsonObject letters) => new Reader(letters).Read(tree, 0);

    private sealed class Reader(JsonObject letters)
    {
        private const int Deepest = 200; // deeper than any formula; a log may come from anywhere

        private readonly Dictionary<string, Expression> _known = [];

        public Expression Read(JsonNode? tree, int depth)
        {
            if (tree is not JsonArray { Count: > 1 } piece || depth > Deepest)
                throw new FormatException("A piece of a formula must be an array that begins with its kind, at most 200 deep.");
            var kind = Text(piece[0]);
            Expression At(int n) => Read(piece[n], depth + 1);
            Expression[] All() => [.. piece.Skip(1).Select(p => Read(p, depth + 1))];
            switch (kind)
            {
                case "n":
                    return Number(piece[1]);
                case "s":
                    return Expression.Setting(Text(piece[1]), Number(piece[2]), Text(piece[3]));
                case "q":
                    return Find(Text(piece[1]));
                case "d":
                    return Letter(Text(piece[1]), depth);
                case "fold":
                    return new FoldNode(
                        Enum.TryParse<Fold>(Text(piece[1]), out var fold) ? fold : throw Unknown(Text(piece[1])),
                        Over.ByName.TryGetValue(Text(piece[2]), out var range) ? range : throw Unknown(Text(piece[2])),
                        At(3),
                        piece.Count > 4 ? (int)Number(piece[4]) : 0
                    );
                default:
                    return Operation(kind, All());
            }
        }

        private static Expression Operation(string kind, Expression[] x) =>
            (kind, x.Length) switch
            {
                ("+", _) => new AddNode(x),
                ("−", 1) => new NegateNode(x[0]),
                ("*", _) => new MultiplyNode(x),
                ("/", 2) => x[0] / x[1],
                ("<" or "≤" or "=" or "≠" or "≥" or ">", 2) => Expression.Relation(x[0], kind, x[1]),
                ("Cases", 3) => Expression.Cases(x[0], x[1], x[2]),
                ("Guard", 3) => Expression.Guard(x[0], x[1], x[2]),
                ("Cap", 2) => Expression.Capped(x[0], x[1]),
                _ => Enum.TryParse<Function>(kind, out var function) && Arity(function) == x.Length
                    ? new FunctionNode(function, x)
                    : throw Unknown(kind),
            };

        private static int Arity(Function function) =>
            function switch
            {
                Function.Clip => 3,
                Function.Min or Function.Max or Function.Power => 2,
                _ => 1,
            };

        private Expression Letter(string name, int depth)
        {
            if (_known.TryGetValue(name, out var known))
                return known;
            if (letters[name] is not JsonArray { Count: 5 } letter)
                throw Unknown(name);
            var body = Read(letter[4], depth + 1);
            return _known[name] = Expression.Define(
                new Symbol(Text(letter[0]), Text(letter[1]), Text(letter[2])),
                body,
                Text(letter[3])
            );
        }

        private static Quantity Find(string name) =>
            Quantities.ByName.TryGetValue(name, out var quantity) || Blanks.ByName.TryGetValue(name, out quantity)
                ? quantity
                : throw Unknown(name);

        private static string Text(JsonNode? node) =>
            node is JsonValue value && value.TryGetValue<string>(out var text)
                ? text
                : throw new FormatException("A formula has text where its kind or a letter is named.");

        private static double Number(JsonNode? node) =>
            node is JsonValue value && value.TryGetValue<double>(out var number) ? number
            : node is JsonValue word && word.TryGetValue<string>(out var text) && text is "∞" or "−∞" or "NaN"
                ? text == "∞" ? double.PositiveInfinity
                    : text == "NaN" ? double.NaN
                    : double.NegativeInfinity
            : throw new FormatException("A formula has a number where a value is given.");

        private static FormatException Unknown(string name) =>
            new($"No formula has a piece called '{(name.Length > 40 ? name[..40] + "…" : name)}'.");
    }
}

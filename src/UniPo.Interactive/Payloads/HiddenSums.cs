using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>What a formula needs of tokens that a view does not show: sums over them, or the reason why sums are not enough.</summary>
internal sealed class HiddenSums
{
    private readonly JsonObject _objective,
        _letters;
    private readonly HashSet<string> _seen = [];

    /// <param name="objective">What <see cref="ObjectivePayload"/> wrote; read back as text, as the script does.</param>
    public HiddenSums(JsonObject objective)
    {
        _objective = JsonNode.Parse(objective.ToJsonString())!.AsObject();
        _letters = _objective["letters"]!.AsObject();
    }

    /// <summary>What is summed over the tokens of a response before J adds up tokens, by the name that the script uses.</summary>
    public Dictionary<string, Expression> Bodies { get; } = [];

    /// <summary>True when some piece looks at all tokens of the batch.</summary>
    public bool NeedsBatch { get; private set; }

    /// <summary>True when some piece needs each token of a response: those after it, its place, or a sum that settings change.</summary>
    public bool NeedsResponses { get; private set; }

    /// <summary>Looks through the whole objective.</summary>
    public HiddenSums Find()
    {
        NeedsBatch = _objective["choice"] is not null || _objective["topEntropy"] is not null;
        if (_objective["advantage"] is { } advantage)
            Visit(advantage, inner: true); // settled before J is summed up
        if (_objective["target"] is { } target)
            Visit(new JsonArray("d", target.DeepClone()), inner: true);
        Visit(_objective["j"], inner: false);
        return this;
    }

    private void Visit(JsonNode? node, bool inner)
    {
        if (node is not JsonArray tree || tree.Count == 0)
            return;
        switch ((string?)(tree[0] as JsonValue))
        {
            case "n" or "s":
                return;
            case "q":
                NeedsResponses |= (string)tree[1]! is "Position";
                return;
            case "d":
                if (_seen.Add((string)tree[1]!))
                    Visit(_letters[(string)tree[1]!]![4], inner: true);
                return;
            case "fold":
                Fold(tree, inner);
                return;
        }
        foreach (var piece in tree.Skip(1))
            Visit(piece, inner);
    }

    private void Fold(JsonArray fold, bool inner)
    {
        var (kind, range, body) = ((string)fold[1]!, (string)fold[2]!, fold[3]);
        NeedsBatch |= range == nameof(Over.AllTokens);
        NeedsResponses |=
            range is nameof(Over.ThisAndLaterTokens) or nameof(Over.ThisAndLaterPlaces) or nameof(Over.UntilMasked)
            || range is nameof(Over.NextToken) or nameof(Over.NextPlace);
        if (range == nameof(Over.Tokens) && inner)
            Sum(kind, body!);
        Visit(body, inner || range == nameof(Over.Tokens));
    }

    // As the script does: each term by itself, settings in front of the sum.
    private void Sum(string kind, JsonNode body)
    {
        var tree = body.AsArray();
        if (kind != "Sum")
            NeedsResponses = true;
        else if ((string?)(tree[0] as JsonValue) is "+" or "−")
            foreach (var term in tree.Skip(1))
                Sum(kind, term!);
        else if ((string)tree[0]! == "*" && tree.Skip(1).Any(IsNumber) && !tree.Skip(1).All(IsNumber))
        {
            JsonNode[] rest = [.. tree.Skip(1).Where(f => !IsNumber(f)).Select(f => f!.DeepClone())];
            Sum(kind, rest.Length == 1 ? rest[0] : new JsonArray(["*", .. rest]));
        }
        else
        {
            var spelled = Spelled(tree)!;
            var name = spelled.ToJsonString(_plain);
            NeedsResponses |= name.Contains("[\"s\",", StringComparison.Ordinal) || name.Contains("E-", StringComparison.Ordinal);
            Bodies[name] = ExpressionJson.Read(tree, _letters);
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions _plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static bool IsNumber(JsonNode? piece) => (string?)(piece!.AsArray()[0] as JsonValue) is "n" or "s";

    private JsonNode? Spelled(JsonNode? node) =>
        node is not JsonArray tree ? node?.DeepClone()
        : tree is [JsonValue kind, ..] && (string?)kind == "d" ? Spelled(_letters[(string)tree[1]!]![4])
        : new JsonArray([.. tree.Select(Spelled)]);
}

using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace UniPo.Tests.Architecture;

/// <summary>Every text of the library says the same in every country: 0.5 is never 0,5, and -1 has an ordinary minus.</summary>
/// <remarks>
/// Objects of all public types are found by walking from a run, a comparison and the static properties; what cannot be reached is
/// made here. The cultures are imitated, because these tests run without the data of real ones.
/// </remarks>
public sealed partial class InvariantTextTests
{
    private const int SamplesOfAType = 8;

    /// <summary>The rooms whose types are looked at.</summary>
    private static readonly string[] Rooms =
    [
        "Files",
        "Numerics",
        "Objectives",
        "Algorithms",
        "Optimizers",
        "Policies",
        "Rollouts",
        "Runs",
        "Statistics",
        "Tasks",
        "Tokens",
        "Training",
    ];

    private static readonly Lazy<HashSet<string>> Names = new(() =>
        [
            .. Rooms
                .SelectMany(room =>
                    Directory.EnumerateFiles(Repository.Path("src", "UniPo", room), "*.cs", SearchOption.AllDirectories)
                )
                .SelectMany(file => Declaration().Matches(File.ReadAllText(file)))
                .Select(m => m.Groups[1].Value),
        ]
    );

    private static readonly Assembly Library = typeof(Trainer).Assembly;
    private static readonly Lazy<Dictionary<Type, List<object>>> Samples = new(Collect);

    public static TheoryData<string> Cultures => ["de-DE", "tr-TR", "ar"];

    [Theory, MemberData(nameof(Cultures))]
    public void Every_text_is_the_same_in_every_culture(string culture)
    {
        var wrong = new List<string>();
        foreach (var (type, objects) in Samples.Value.Where(s => Names.Value.Contains(s.Key.Name.Split('`')[0])))
        foreach (var thing in objects)
        {
            if (Differs(() => thing.ToString(), culture) is { } difference)
                wrong.Add($"{type.Name}.ToString(): {difference}");
            foreach (var property in Texts(type))
                if (Differs(() => (string?)Get(property, thing), culture) is { } text)
                    wrong.Add($"{type.Name}.{property.Name}: {text}");
        }
        Assert.True(
            wrong.Count == 0,
            $"{wrong.Count} texts depend on the culture:\n" + string.Join("\n", wrong.DistinctBy(w => w.Split(':')[0]).Take(60))
        );
    }

    [Fact]
    public void There_is_a_sample_of_every_type_that_writes_itself()
    {
        var missing = Library
            .GetExportedTypes()
            .Where(t => !t.IsAbstract && !t.IsInterface && !t.IsEnum && !t.IsAssignableTo(typeof(Exception)))
            .Where(t => t.GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType!.Assembly == Library)
            .Where(t => Names.Value.Contains(t.Name.Split('`')[0]))
            .Where(t => !Samples.Value.ContainsKey(t.IsGenericType ? t.GetGenericTypeDefinition() : t))
            .Select(t => t.Name)
            .Order()
            .ToArray();
        Assert.True(missing.Length == 0, "Without a sample: " + string.Join(", ", missing));
    }

    [Fact]
    public void The_imitated_cultures_do_change_what_follows_a_culture() =>
        Assert.All(["de-DE", "tr-TR", "ar"], (string c) => Assert.NotNull(Differs(() => $"{-0.5}", c)));

    [GeneratedRegex(@"^public [a-z ]*(?:record struct|record|class|struct) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    private static string? Differs(Func<string?> text, string culture)
    {
        string? Under(CultureInfo info)
        {
            var before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = info;
            try
            {
                return text();
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }
        var (here, there) = (Under(CultureInfo.InvariantCulture), Under(Imitation(culture)));
        return here == there ? null : $"'{Excerpt(here, there)}' became '{Excerpt(there, here)}'";
    }

    private static string Excerpt(string? text, string? other)
    {
        var at = Math.Max((text ?? "").Zip(other ?? "").TakeWhile(p => p.First == p.Second).Count() - 15, 0);
        return text is null ? "null" : text.Substring(at, Math.Min(40, text.Length - at));
    }

    private static CultureInfo Imitation(string culture)
    {
        var info = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var (numbers, isArabic) = (info.NumberFormat, culture == "ar");
        numbers.NumberDecimalSeparator = numbers.PercentDecimalSeparator = isArabic ? "\u066b" : ",";
        numbers.NumberGroupSeparator = numbers.PercentGroupSeparator = isArabic ? "\u066c" : ".";
        numbers.NegativeSign = isArabic ? "\u061c-" : "\u2212";
        numbers.NaNSymbol = isArabic ? "\u0644\u064a\u0633\u00a0\u0631\u0642\u0645" : "nicht def.";
        numbers.PositiveInfinitySymbol = "unendlich";
        return info;
    }

    private static IEnumerable<PropertyInfo> Texts(Type type) => Readable(type).Where(p => p.PropertyType == typeof(string));

    private static IEnumerable<PropertyInfo> Readable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p =>
                p.CanRead && p.GetIndexParameters().Length == 0 && !p.PropertyType.IsByRefLike && !p.PropertyType.IsPointer
            );

    private static object? Get(PropertyInfo property, object thing)
    {
        try
        {
            return property.GetValue(thing);
        }
        catch (TargetInvocationException e)
            when (e.InnerException is InvalidOperationException or ArgumentException or NotSupportedException)
        {
            return null; // a property that this object has no value for
        }
    }

    private static Dictionary<Type, List<object>> Collect()
    {
        var found = new Dictionary<Type, List<object>>();
        var open = new Queue<object>(Roots());
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        while (open.TryDequeue(out var thing))
        {
            if (thing is string || !seen.Add(thing))
                continue;
            if (thing is IEnumerable list)
                foreach (var element in list.Cast<object?>().OfType<object>().Take(40))
                    open.Enqueue(element);
            var type = thing.GetType();
            if (type.Assembly != Library || !type.IsVisible)
                continue;
            var samples = CollectionsOf(found, type.IsGenericType ? type.GetGenericTypeDefinition() : type);
            if (samples.Count >= SamplesOfAType)
                continue;
            samples.Add(thing);
            foreach (var value in Readable(type).Select(p => Get(p, thing)).OfType<object>())
                open.Enqueue(value);
        }
        return found;
    }

    private static List<object> CollectionsOf(Dictionary<Type, List<object>> found, Type type) =>
        found.TryGetValue(type, out var list) ? list : found[type] = [];

    private static IEnumerable<object> Roots()
    {
        var statics = Library
            .GetExportedTypes()
            .Where(t => !t.IsGenericTypeDefinition)
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(p => !p.PropertyType.IsByRefLike)
            .Select(p => p.GetValue(null));
        var defaults = Library
            .GetExportedTypes()
            .Where(t => !t.IsAbstract && !t.IsGenericTypeDefinition && t.GetConstructor(Type.EmptyTypes) is not null)
            .Where(t => !t.IsDefined(typeof(RequiredMemberAttribute)) && !HasRequired(t))
            .Select(t => Activator.CreateInstance(t));
        return statics.Concat(defaults).OfType<object>().Concat(Made());
    }

    private static bool HasRequired(Type type) => type.GetProperties().Any(p => p.IsDefined(typeof(RequiredMemberAttribute)));

    /// <summary>A run, a comparison, and whatever no other object leads to.</summary>
    private static IEnumerable<object> Made()
    {
        yield return new CappedClip(0.2, 0.3, 1.5);
        yield return new DualClip(0.2, 0.3, 1.5);
        yield return new Interval(-0.5, 0.5);
        yield return new RewardWeights(0.5, 1.5);
        yield return new PairTerm(0.5, -0.5, 0.5);
        yield return new TokenTerm(0.5, -0.5);
        yield return new ResponsePair(0, 1);
        yield return new TokenSymbols(0.5, 0.5, Quantities.LogProb, Quantities.OldLogProb);
        var byHand = RolloutBatch.ByHand("?", [new("a", 1.5, [-0.5]), new("b", 0, [-0.5])]);
        yield return new GroupMean().Estimate(byHand);
        var difference = Algorithms.DrGrpo.Against(Algorithms.Dapo with { Clip = new Clip(0.2, 0.35) });
        yield return difference;
        yield return difference.On(byHand);
        var policy = LetterTraining.Policy();
        var task = new LetterTask { Score = (p, c) => c.Text == p.Answer ? 1.25 : -0.5 };
        var options = LetterTraining.Options with { Prompts = 2, Group = 2, HeldOutPrompts = 2, Temperature = 0.5 };
        foreach (
            var objective in Algorithms.All.Where(o =>
                !o.Sampling.NeedsCritic && o is not PolicyObjective { Advantage: RubricAdvantage }
            )
        )
        {
            var trainer = new Trainer((ITrainablePolicy)policy.Clone(), task, objective, options);
            var run = trainer.Train(2);
            yield return run;
            var report = run.Steps[1].RequireReport();
            yield return report.Explain(0, 0);
            if (objective is PolicyObjective or PreferenceObjective && run.Steps[1].Report is { } kept)
                yield return kept.Objective.Credit(kept.Batch);
            yield return new TrainingWarning(1, "text");
        }
        var plan = new ComparisonPlan
        {
            Seeds = 2,
            Steps = 2,
            Options = options,
        };
        yield return Compare.Train(policy, task, [Algorithms.Grpo, Algorithms.Reinforce], plan);
        yield return plan;
        yield return new ComparisonProgress("GRPO", 1, 2, 0, 2);
        yield return new FailedRun("GRPO", 1, "reason");
        yield return Estimate.Of([0.25, -0.5, 0.75]);
        yield return Bootstrap.OfMean([0.25, -0.5, 0.75], draws: 10);
        yield return GradientNoise.Measure(policy, task, Algorithms.Reinforce, batches: 4, prompts: 2, group: 2);
        yield return ExactValue.Of(policy, new LetterTask { MaxTokens = 1 }, task.TrainingPrompts, policy.Clone());
        yield return Tasks.Split(task.TrainingPrompts);
        yield return new Completion("85", 3, false);
        yield return new Judgement(0.5, 0.25, "half");
        yield return new Rubric(
            new RubricItem
            {
                Name = "half",
                Judge = (_, _) => new(0.5),
                Importance = 0.5,
            }
        );
        foreach (var name in Tasks.Names)
            yield return Tasks.Named(name);
        yield return TinyTransformer.Load("addition");
        yield return NextToken.Greedy([0.5f, 0.25f], 1);
        yield return new HandGroup("1+1=", [new HandResponse("2", -0.5, [-0.25])]);
        yield return Glossary.Mark("The reward of a response.")[0];
        yield return new Sampler { Temperature = 0.5 };
        yield return new LoggedObjective { Name = "logged" };
        yield return Tasks.Addition(pool: 10, rewardOffset: -0.5);
    }
}

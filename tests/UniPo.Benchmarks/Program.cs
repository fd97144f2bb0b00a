using System.Globalization;
using UniPo.Benchmarks;

// Run by hand: dotnet run -c Release --project tests/UniPo.Benchmarks -- peer --config A
string Option(string name, string otherwise) =>
    Array.IndexOf(args, "--" + name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;

int Number(string name, int otherwise) =>
    int.Parse(Option(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

BenchmarkConfig Config()
{
    var config = BenchmarkConfig.Named(Option("config", "A"));
    return config with
    {
        Prompts = Number("prompts", config.Prompts),
        Model = config.Model with { Layers = Number("layers", config.Model.Layers) },
    };
}

int? Vectors() => Option("vectors", "") is { Length: > 0 } bits ? int.Parse(bits, CultureInfo.InvariantCulture) : null;

switch (args.FirstOrDefault())
{
    case "profile":
        Profile.Run(Config(), Vectors());
        return 0;
    case "peer":
        return Peer.Run(
            Config(),
            Number("threads", 2),
            Number("rounds", 9),
            Option("python", "/usr/bin/python3"),
            Option("variant", "") is { Length: > 0 } variant ? variant : null
        )
            ? 0
            : 1;
    case "evaluate":
        return Evaluate.Run(Option("algorithm", ""));
    case "views":
        return await Views.Run(Number("rounds", 15));
    case "loop": // one kind of work over and over, for a profiler
        Loop.Run(Config(), Option("what", "step"), Number("threads", 1), Number("seconds", 10), Vectors());
        return 0;
    case "scaling": // cost of a token against the size of the batch, and of a layer against their number
        Scaling.Run(Config(), Number("threads", 2), Number("rounds", 5));
        return 0;
    default:
        Console.Error.WriteLine(
            "Usage: peer --config A|B [--threads 2] [--rounds 9] [--python /usr/bin/python3] [--variant \"--impl fast …\"]"
        );
        Console.Error.WriteLine(
            "       loop --config A|B [--prompts n] [--layers n] --what step|rollout|forward-backward [--threads 1] [--seconds 10] [--vectors 512|256|32]"
        );
        Console.Error.WriteLine("       profile --config A|B [--vectors 512|256|32]");
        Console.Error.WriteLine("       scaling --config A|B [--threads 2] [--rounds 5]");
        Console.Error.WriteLine("       evaluate [--algorithm part-of-a-name]");
        Console.Error.WriteLine("       views [--rounds 15]");
        return 2;
}

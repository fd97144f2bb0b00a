using UniPo.Benchmarks;

// Run by hand: dotnet run -c Release --project tests/UniPo.Benchmarks -- profile --config A
string Option(string name, string otherwise) => Array.IndexOf(args, "--" + name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;

switch (args.FirstOrDefault())
{
    case "profile":
        Profile.Run(BenchmarkConfig.Named(Option("config", "A")), Option("vectors", "") is { Length: > 0 } bits ? int.Parse(bits, System.Globalization.CultureInfo.InvariantCulture) : null);
        return 0;
    default:
        Console.Error.WriteLine("Usage: profile --config A|B [--vectors 512|256|32]");
        return 2;
}

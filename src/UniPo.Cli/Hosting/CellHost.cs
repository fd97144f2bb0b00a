using System.Globalization;

namespace UniPo.Cli.Hosting;

/// <summary>Runs the cells of one notebook, in a process of its own.</summary>
internal sealed class CellHost(HostChannel channel)
{
    /// <summary>Name of the command that starts such a process.</summary>
    public const string Command = "run-cells";

    // A bit of everything cells are made of, so that the compiler's own start is not charged to the first cell.
    private const string WarmUp = """
        record Pair(int A, string B);
        int Twice(int n) => 2 * n;
        var pairs = new[] { 1, 2 }.Select(n => new Pair(Twice(n), $"{n:0.0}")).ToList();
        foreach (var pair in pairs) if (pair.A > 9) Console.WriteLine(pair with { A = 1 });
        await Task.CompletedTask;
        pairs.Count
        """;

    private readonly Dictionary<int, string[]> _lines = [];
    private readonly ReferenceSet _references = new();
    private readonly OutputGate _gate = new(channel.Send);

    /// <summary>Runs cells until the parent has no more.</summary>
    public async Task Run()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.SetOut(new CapturedConsole("stdout", _gate.Send));
        Console.SetError(new CapturedConsole("stderr", _gate.Send));
        NotebookDisplay.SendTo(_gate.Send);
        _references.Attach();

        await new ScriptSession(_references).Run(WarmUp, cell: 0);
        ValueBundle.Of(new[] { 1 });
        channel.Send(new HostReady());

        var session = new ScriptSession(_references);
        var packages = new PackageReferences(_references, Directory.GetCurrentDirectory());
        await foreach (var request in channel.Requests)
        {
            _gate.Open(request.OutputLimit);
            await RunCell(session, packages, request);
            channel.Send(new CellEnded());
        }
    }

    private async Task RunCell(ScriptSession session, PackageReferences packages, CellRequest request)
    {
        _lines[request.Number] = request.Code.Split('\n');
        try
        {
            var cell = CellDirectives.Read(request.Code);
            await packages.Follow(cell);
            var (hasValue, value) = await session.Run(cell.Code, request.Number);
            if (hasValue)
                _gate.Send(new Shown(ValueBundle.Of(value), IsResult: true));
        }
        catch (Exception fault)
        {
            // A notebook reports whatever a cell throws; nothing else can be known about the code of others.
            channel.Send(ExceptionText.Describe(fault, LineOf));
        }
    }

    private string? LineOf(int cell, int line) =>
        _lines.TryGetValue(cell, out var lines) && line >= 1 && line <= lines.Length ? lines[line - 1] : null;
}

using System.Text;
using System.Text.RegularExpressions;

namespace UniPo;

/// <summary>
/// The responses of rollout files: an index in memory, the responses themselves on disk until a page of them is asked for.
/// </summary>
/// <remarks>Some 50 bytes a response are kept: a million responses take 50 MB, however long they are.</remarks>
public sealed partial class RolloutArchive
{
    private readonly record struct Entry(long Offset, int Bytes, int File, LineHead Head);

    private readonly RolloutFormat _format;
    private readonly string[] _files;
    private readonly List<Entry> _entries;
    private readonly int[] _order; // entries by step, then group by group
    private readonly List<(int From, int To)> _groups = [];
    private readonly SortedDictionary<int, (int From, int To)> _steps = []; // groups of each step

    private RolloutArchive(RolloutFormat format, string[] files, List<Entry> entries)
    {
        (_format, _files, _entries) = (format, files, entries);
        _order = [.. Enumerable.Range(0, entries.Count)];
        var first = new Dictionary<(int, ulong), int>();
        for (var i = 0; i < entries.Count; i++)
            first.TryAdd((entries[i].Head.Step, entries[i].Head.Group), i);
        var place = new int[entries.Count];
        for (var i = 0; i < place.Length; i++)
            place[i] = first[(entries[i].Head.Step, entries[i].Head.Group)];
        Array.Sort(_order, (a, b) => (entries[a].Head.Step, place[a], a).CompareTo((entries[b].Head.Step, place[b], b)));
        for (var i = 0; i < _order.Length; )
        {
            var from = i;
            while (i < _order.Length && place[_order[i]] == place[_order[from]])
                i++;
            var step = entries[_order[from]].Head.Step;
            var before = _steps.GetValueOrDefault(step, (_groups.Count, _groups.Count));
            _groups.Add((from, i));
            _steps[step] = (before.Item1, _groups.Count);
        }
    }

    /// <summary>The kind of file.</summary>
    public LogFormat Format => _format.Kind;

    /// <summary>Number of responses in all files.</summary>
    public int Responses => _entries.Count;

    /// <summary>The steps that have responses, ascending.</summary>
    public IReadOnlyCollection<int> Steps => _steps.Keys;

    /// <summary>Number of prompts of a step; 0 for a step without responses.</summary>
    public int Prompts(int step) => _steps.TryGetValue(step, out var range) ? range.To - range.From : 0;

    /// <summary>True when lengths are counted in tokens; false where only texts are known.</summary>
    public bool CountsTokens => _format is not VerlRollouts;

    /// <summary>[B] rewards of a step, group after group, without loading a response; NaN where there is none.</summary>
    public double[] Rewards(int step) => [.. Heads(step).Select(h => h.Reward)];

    /// <summary>[B] lengths of a step's responses, in tokens, or in bytes of text.</summary>
    public int[] Lengths(int step) => [.. Heads(step).Select(h => h.Length)];

    /// <summary>[P] sizes of a step's groups.</summary>
    public int[] GroupSizes(int step) =>
        _steps.TryGetValue(step, out var range) ? [.. _groups[range.From..range.To].Select(g => g.To - g.From)] : [];

    /// <summary>Share of a step's responses that the limit cut off; null when the files do not say.</summary>
    public double? Truncated(int step) =>
        _format is OpenInstructRollouts ? Heads(step).Average(h => h.Truncated ? 1.0 : 0) : null;

    private IEnumerable<LineHead> Heads(int step) =>
        _steps.TryGetValue(step, out var range)
            ? _groups[range.From..range.To].SelectMany(g => _order[g.From..g.To]).Select(i => _entries[i].Head)
            : [];

    /// <summary>Some groups of a step, read from disk.</summary>
    /// <param name="step">A step of <see cref="Steps"/>.</param>
    /// <param name="firstPrompt">Number of the first group, from 0.</param>
    /// <param name="prompts">Most groups.</param>
    /// <param name="texts">Gives ids their texts; null to show ids.</param>
    /// <param name="mostResponses">Most responses of each group.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step has no such group.</exception>
    public LoggedRollout Page(
        int step,
        int firstPrompt = 0,
        int prompts = 4,
        TokenTexts? texts = null,
        int mostResponses = int.MaxValue
    )
    {
        if (!_steps.TryGetValue(step, out var range))
            throw new ArgumentOutOfRangeException(nameof(step), step, $"The files hold no responses of step {step}.");
        if (firstPrompt < 0 || firstPrompt >= range.To - range.From)
            throw new ArgumentOutOfRangeException(
                nameof(firstPrompt),
                firstPrompt,
                $"Step {step} has the prompts 0 to {range.To - range.From - 1}."
            );
        var groups = new List<IReadOnlyList<LoggedResponse>>();
        foreach (
            var (from, to) in _groups.Skip(range.From + firstPrompt).Take(Math.Min(prompts, range.To - range.From - firstPrompt))
        )
            groups.Add([.. _order[from..to].Take(mostResponses).Select(i => Load(_entries[i])).OfType<LoggedResponse>()]);
        groups.RemoveAll(g => g.Count == 0);
        return LoggedRollout.Of(
            groups,
            texts,
            complete: firstPrompt == 0 && prompts >= range.To - range.From && mostResponses == int.MaxValue
        );
    }

    private LoggedResponse? Load(Entry entry)
    {
        using var file = new FileStream(
            _files[entry.File],
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            0
        );
        file.Seek(entry.Offset, SeekOrigin.Begin);
        var bytes = new byte[entry.Bytes];
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            return null; // the file was cut since it was indexed
        using var document = LenientJson.TryParse(Encoding.UTF8.GetString(bytes));
        return document is not null && _format.Fits(document.RootElement) ? _format.Read(document.RootElement) : null;
    }

    [GeneratedRegex(@"(\d+)(?!.*\d)", RegexOptions.CultureInvariant)]
    private static partial Regex LastNumber();

    /// <summary>Indexes rollout files of one kind.</summary>
    internal static RolloutArchive Index(RolloutFormat format, IReadOnlyList<string> files, ICollection<string> notes)
    {
        var (entries, scanner) = (new List<Entry>(), new LineScanner(format));
        var (broken, tooLong) = (0, 0);
        for (var f = 0; f < files.Count; f++)
        {
            var number = LastNumber().Match(Path.GetFileNameWithoutExtension(files[f]));
            var fileStep = number.Success && int.TryParse(number.Value, out var told) ? told : 0;
            var file = f;
            tooLong += LineReader.Read(
                files[f],
                (offset, line) =>
                {
                    if ((scanner.Read(line, fileStep) ?? Cleaned(scanner, line, fileStep)) is { } head)
                        entries.Add(new Entry(offset, line.Length, file, head));
                    else
                        broken++;
                    return true;
                }
            );
        }
        if (broken > 0)
            notes.Add(
                $"{broken} {(broken == 1 ? "line was" : "lines were")} torn or no JSON and {(broken == 1 ? "is" : "are")} left out."
            );
        if (tooLong > 0)
            notes.Add($"{tooLong} lines are longer than {LineReader.Longest >> 20} MB and are left out.");
        return new RolloutArchive(format, [.. files], entries);
    }

    // Python writes bare NaN; such a line is cleaned first.
    private static LineHead? Cleaned(LineScanner scanner, ReadOnlySpan<byte> line, int fileStep)
    {
        if (line.IndexOf("NaN"u8) < 0 && line.IndexOf("Infinity"u8) < 0)
            return null;
        using var document = LenientJson.TryParse(Encoding.UTF8.GetString(line));
        return document is null ? null : scanner.Read(Encoding.UTF8.GetBytes(document.RootElement.GetRawText()), fileStep);
    }
}

using System.Text.Json;

namespace UniPo;

/// <summary>A line of a run log, or an entry of UNIPO's one object.</summary>
/// <param name="Place">Where it stands, for messages.</param>
/// <param name="Json">The object; valid until the next part is asked for.</param>
/// <param name="Note">What had to be mended to read it; null when nothing had.</param>
internal readonly record struct RunLogPart(string Place, JsonElement Json, string? Note = null);

/// <summary>
/// The parts of a run log in order, the header first: lines of JSON, or UNIPO's one object with header and entries.
/// </summary>
internal static class RunLogParts
{
    private const string HalfCharacters = "It held half of a character, which is shown as \ufffd.";

    /// <summary>Each part of the file.</summary>
    /// <param name="path">The log.</param>
    /// <exception cref="InvalidDataException">A line is no JSON, unless it is the last and was torn off by a crash.</exception>
    public static IEnumerable<RunLogPart> Of(string path)
    {
        using var container = BeginsWithHeader(path)
            ? null
            : ForeignText.Container(LoneSurrogates.Replace(File.ReadAllText(path)));
        foreach (var part in container is null ? Lines(path) : Entries(container.RootElement))
            yield return part;
    }

    /// <summary>The lines in the first bytes of one of our own logs; the bytes must end with a line.</summary>
    public static IEnumerable<RunLogPart> Of(string path, byte[] beginning)
    {
        using var reader = new StreamReader(new MemoryStream(beginning));
        foreach (var part in Lines(path, reader))
            yield return part;
    }

    // Our own logs are not read twice: their first line is enough to know them.
    private static bool BeginsWithHeader(string path)
    {
        using var reader = Open(path);
        if (reader.ReadLine() is not { } line)
            return true;
        try
        {
            using var first = ForeignText.Parse(LoneSurrogates.Replace(line));
            return first.RootElement.Find("algorithm") is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<RunLogPart> Entries(JsonElement container)
    {
        yield return new("The header", container.GetProperty("header"));
        var number = 0;
        foreach (var entry in container.GetProperty("entries").EnumerateArray())
            yield return new($"Entry {++number}", entry);
    }

    private static IEnumerable<RunLogPart> Lines(string path)
    {
        using var reader = Open(path);
        foreach (var part in Lines(path, reader))
            yield return part;
    }

    private static IEnumerable<RunLogPart> Lines(string path, StreamReader reader)
    {
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (IsBlank(line))
                continue;
            var clean = LoneSurrogates.Replace(line);
            if (Parse(path, number, clean, reader) is not { } document)
                yield break;
            using (document)
                yield return new($"Line {number}", document.RootElement, clean == line ? null : HalfCharacters);
        }
    }

    private static JsonDocument? Parse(string path, int number, string line, StreamReader rest)
    {
        try
        {
            return ForeignText.Parse(line);
        }
        catch (JsonException e)
        {
            if (number > 1 && IsBlankToTheEnd(rest))
                return null; // the program was killed while it wrote this line
            throw new InvalidDataException(
                $"Line {number} of the run log '{path}' is no JSON: {RunLogFormat.Short(e.Message)}",
                e
            );
        }
    }

    private static bool IsBlankToTheEnd(StreamReader rest)
    {
        while (rest.ReadLine() is { } line)
            if (!IsBlank(line))
                return false;
        return true;
    }

    /// <summary>True for a line without content. A power cut can leave zeros where a line was to be written.</summary>
    private static bool IsBlank(string line) => line.AsSpan().Trim("\0 \t\r").IsEmpty;

    private static StreamReader Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
}

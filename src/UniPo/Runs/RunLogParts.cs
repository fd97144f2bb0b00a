using System.Text.Json;

namespace UniPo;

/// <summary>
/// The parts of a run log in order, the header first: lines of JSON, or UNIPO's one object with header and entries.
/// </summary>
internal static class RunLogParts
{
    /// <summary>Each part with its place in the file, for messages. A part is valid until the next is asked for.</summary>
    /// <exception cref="InvalidDataException">A line is no JSON, unless it is the last and was torn off by a crash.</exception>
    public static IEnumerable<(string Place, JsonElement Json)> Of(string path)
    {
        using var container = BeginsWithHeader(path) ? null : ForeignText.Container(File.ReadAllText(path));
        foreach (var part in container is null ? Lines(path) : Entries(container.RootElement))
            yield return part;
    }

    // Our own logs are not read twice: their first line is enough to know them.
    private static bool BeginsWithHeader(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        if (reader.ReadLine() is not { } line)
            return true;
        try
        {
            using var first = ForeignText.Parse(line);
            return first.RootElement.Find("algorithm") is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<(string, JsonElement)> Entries(JsonElement container)
    {
        yield return ("The header", container.GetProperty("header"));
        var number = 0;
        foreach (var entry in container.GetProperty("entries").EnumerateArray())
            yield return ($"Entry {++number}", entry);
    }

    private static IEnumerable<(string, JsonElement)> Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var number = 0;
        for (var line = reader.ReadLine(); line is not null; )
        {
            var next = reader.ReadLine();
            number++;
            if (line.Length > 0)
            {
                if (Parse(path, number, line, last: next is null) is not { } document)
                    yield break;
                using (document)
                    yield return ($"Line {number}", document.RootElement);
            }
            line = next;
        }
    }

    private static JsonDocument? Parse(string path, int number, string line, bool last)
    {
        try
        {
            return ForeignText.Parse(line);
        }
        catch (JsonException e)
        {
            if (last && number > 1)
                return null; // the program was killed while it wrote this line
            throw new InvalidDataException($"Line {number} of the run log '{path}' is no JSON: {e.Message}", e);
        }
    }
}

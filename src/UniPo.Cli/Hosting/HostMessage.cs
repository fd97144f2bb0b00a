using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniPo.Cli.Hosting;

/// <summary>A cell to run: what the parent process sends.</summary>
/// <param name="Number">Number of the cell in the notebook, for error messages.</param>
/// <param name="Code">The cell's text.</param>
/// <param name="OutputLimit">Most characters of output that are sent; the rest is dropped.</param>
internal sealed record CellRequest(int Number, string Code, long OutputLimit);

/// <summary>What the process that runs a notebook answers, in the order in which it happens.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(HostReady), "ready")]
[JsonDerivedType(typeof(StreamText), "stream")]
[JsonDerivedType(typeof(Shown), "shown")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(OutputDropped), "dropped")]
[JsonDerivedType(typeof(CellEnded), "ended")]
internal abstract record HostMessage
{
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>One line of JSON.</summary>
    public static string ToLine<T>(T message) => JsonSerializer.Serialize(message, _options);

    /// <summary>The message of one line of JSON.</summary>
    public static T FromLine<T>(string line) => JsonSerializer.Deserialize<T>(line, _options)!;
}

/// <summary>The process has started and warmed its compiler: from now on time belongs to the cells.</summary>
internal sealed record HostReady : HostMessage;

/// <summary>Text written to the console.</summary>
/// <param name="Name"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Text">The text as written.</param>
internal sealed record StreamText(string Name, string Text) : HostMessage;

/// <summary>A value was shown.</summary>
/// <param name="Bundle">The value by MIME type, all of the same value.</param>
/// <param name="IsResult">True for the trailing expression of the cell.</param>
internal sealed record Shown(IReadOnlyDictionary<string, string> Bundle, bool IsResult) : HostMessage;

/// <summary>The cell did not compile, or threw.</summary>
/// <param name="Name">Name of the exception's type.</param>
/// <param name="Message">Its message.</param>
/// <param name="Trace">The lines a reader needs: cells and libraries, not the machinery that runs them.</param>
internal sealed record Failed(string Name, string Message, IReadOnlyList<string> Trace) : HostMessage;

/// <summary>The cell has shown more than its limit: nothing more of it is sent. Comes once.</summary>
internal sealed record OutputDropped : HostMessage;

/// <summary>The cell is done; nothing of it follows.</summary>
internal sealed record CellEnded : HostMessage;

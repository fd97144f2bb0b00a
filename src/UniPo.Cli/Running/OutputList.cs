using System.Text;
using System.Text.Json.Nodes;
using UniPo.Cli.Hosting;
using UniPo.Cli.Notebooks;
using UniPo.Cli.Terminal;

namespace UniPo.Cli.Running;

/// <summary>Collects the messages of one cell as outputs of the notebook format, up to the limit of what it may show.</summary>
internal sealed class OutputList(NotebookCell cell, int executionCount, CellLimits limits)
{
    private readonly JsonArray _outputs = [];
    private string? _stream;
    private readonly StringBuilder _text = new();
    private long _raw;
    private bool _isCut;

    /// <summary>Adds what a message shows.</summary>
    public void Add(HostMessage message)
    {
        if (message is OutputDropped)
            _isCut = true;
        if (message is StreamText text)
        {
            // What did not come through the gate of the process is counted here.
            if ((_raw += text.Text.Length) > limits.OutputCharacters)
            {
                _isCut = true;
                return;
            }
            if (_stream != text.Name)
                EndStream();
            _stream = text.Name;
            _text.Append(text.Text);
            return;
        }

        EndStream();
        if (message is Shown shown)
            _outputs.Add(Display(shown));
        if (message is Failed failed)
            _outputs.Add(Error(failed));
    }

    /// <summary>Puts everything collected into the cell.</summary>
    public void Store()
    {
        EndStream();
        if (_isCut)
            _outputs.Add(
                new JsonObject
                {
                    ["name"] = "stderr",
                    ["output_type"] = "stream",
                    ["text"] = NotebookText.Split(
                        $"What cell {cell.Number} showed beyond {limits.OutputCharacters >> 20} MB was left out (--max-output).\n"
                    ),
                }
            );
        cell.Outputs = _outputs;
        cell.ExecutionCount = executionCount;
    }

    // Writes to the same stream become one output: that is how a reader saw them.
    private void EndStream()
    {
        if (_stream is not null)
            _outputs.Add(
                new JsonObject
                {
                    ["name"] = _stream,
                    ["output_type"] = "stream",
                    ["text"] = NotebookText.Split(TerminalText.Overwrite(_text.ToString())),
                }
            );
        _stream = null;
        _text.Clear();
    }

    private JsonObject Display(Shown shown)
    {
        var data = new JsonObject();
        foreach (var (type, text) in shown.Bundle.OrderBy(b => b.Key, StringComparer.Ordinal))
            data[type] = NotebookText.Split(text);
        var output = new JsonObject { ["data"] = data };
        if (shown.IsResult)
            output["execution_count"] = executionCount;
        output["metadata"] = new JsonObject();
        output["output_type"] = shown.IsResult ? "execute_result" : "display_data";
        return output;
    }

    private static JsonObject Error(Failed failed) =>
        new()
        {
            ["ename"] = failed.Name,
            ["evalue"] = failed.Message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. failed.Trace.Select(line => JsonValue.Create(line))]),
        };
}

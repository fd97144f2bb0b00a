using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UniPo.Cli.Gallery;

/// <summary>Chromium's debugging protocol, as far as taking pictures needs it: one command at a time, and its answer.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _last;

    private DevTools(ClientWebSocket socket) => _socket = socket;

    /// <summary>Opens the connection.</summary>
    public static async Task<DevTools> Connect(Uri address, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, cancellationToken);
        return new DevTools(socket);
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <param name="method">Name of the command.</param>
    /// <param name="parameters">What it needs.</param>
    /// <param name="session">The page it is meant for; null for the browser.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">The browser refuses.</exception>
    public async Task<JsonNode> Send(string method, JsonObject parameters, string? session, CancellationToken cancellationToken)
    {
        var command = new JsonObject
        {
            ["id"] = ++_last,
            ["method"] = method,
            ["params"] = parameters,
        };
        if (session is not null)
            command["sessionId"] = session;
        await _socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(command),
            WebSocketMessageType.Text,
            endOfMessage: true,
            cancellationToken
        );
        while (true)
        {
            var answer = await Receive(cancellationToken);
            if ((int?)answer["id"] != _last)
                continue; // an event that nobody asked for
            return answer["error"] is { } error
                ? throw new InvalidOperationException($"Chromium refused {method}: {error["message"]}")
                : answer["result"]!;
        }
    }

    /// <summary>Runs a script in the page and gives its value.</summary>
    public async Task<JsonNode?> Evaluate(string script, string session, CancellationToken cancellationToken)
    {
        var answer = await Send(
            "Runtime.evaluate",
            new JsonObject
            {
                ["expression"] = script,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            },
            session,
            cancellationToken
        );
        return answer["exceptionDetails"] is { } fault
            ? throw new InvalidOperationException(
                $"The page's script failed: {fault["exception"]?["description"] ?? fault["text"]}"
            )
            : answer["result"]!["value"];
    }

    private async Task<JsonNode> Receive(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(_buffer.AsMemory(), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new InvalidOperationException("Chromium closed the connection.");
            message.Write(_buffer, 0, part.Count);
        } while (!part.EndOfMessage);
        return JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}

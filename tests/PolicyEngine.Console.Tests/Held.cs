using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace PolicyEngine.Console.Tests;

/// <summary>A slow line: while it is held, a page shows what it showed, and what is done on it gets through all the same.</summary>
public sealed class Held
{
    private readonly ConcurrentQueue<Action> _waiting = new();
    private readonly Lock _gate = new();
    private bool _holds;

    /// <summary>For pages that are opened from now on.</summary>
    public static async Task<Held> Between(IPage page)
    {
        var held = new Held();
        await page.RouteWebSocketAsync("**", socket =>
        {
            var server = socket.ConnectToServer();
            server.OnMessage(frame => held.Pass(() =>
            {
                if (frame.Binary is { } bytes) socket.Send(bytes);
                else socket.Send(frame.Text!);
            }));
        });
        return held;
    }

    public void Hold()
    {
        lock (_gate) _holds = true;
    }

    public void Release()
    {
        lock (_gate)
        {
            _holds = false;
            while (_waiting.TryDequeue(out var message)) message();
        }
    }

    private void Pass(Action message)
    {
        lock (_gate)
        {
            if (_holds) _waiting.Enqueue(message);
            else message();
        }
    }
}

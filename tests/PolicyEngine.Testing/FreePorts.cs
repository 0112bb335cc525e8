using System.Net;
using System.Net.Sockets;

namespace PolicyEngine.Testing;

/// <summary>
/// Ports for servers that must be told theirs: below those that the system hands out by itself, to connections too (32768 and up on Linux), as one of
/// those may be gone again before the server has it. Each is given once by a process.
/// </summary>
public static class FreePorts
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int _last = Random.Shared.Next(Count);

    /// <summary>A TCP port on loopback that was free a moment ago.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: the next one.
            }
        }
    }
}

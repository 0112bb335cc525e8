using Google.Protobuf;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>Whether a stream failed because its peer went away or the host stops. Bytes that are no message are an <see cref="IOException"/> too, and no such end.</summary>
internal static class Departure
{
    public static bool Is(Exception failure) => failure is OperationCanceledException or IOException and not InvalidProtocolBufferException;
}

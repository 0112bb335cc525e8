namespace PolicyEngine.Planning.Models.Backends;

/// <summary>Reads an answer as far as a limit, and no further: the clients behind it would keep whatever comes.</summary>
internal sealed class AnswerLimit(int bytes, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Content.Headers.ContentLength > bytes) throw Exceeded(response);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var (buffer, length) = (new byte[Math.Min(bytes, 16 * 1024)], 0);
        while (await body.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length < buffer.Length) continue;
            if (length >= bytes) throw Exceeded(response);
            Array.Resize(ref buffer, Math.Min(bytes, 2 * buffer.Length));
        }
        var whole = new ByteArrayContent(buffer, 0, length);
        foreach (var header in response.Content.Headers) whole.Headers.TryAddWithoutValidation(header.Key, header.Value);
        response.Content.Dispose();
        response.Content = whole;
        return response;
    }

    private AnswerTooLongException Exceeded(HttpResponseMessage response)
    {
        response.Dispose();
        return new AnswerTooLongException($"the answer is longer than {bytes:N0} bytes");
    }
}

internal sealed class AnswerTooLongException(string message) : IOException(message);

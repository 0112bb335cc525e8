namespace PolicyEngine.Server.Hosting;

/// <summary>Work that goes on until the host stops, for which being stopped is no error; any other exception ends the host.</summary>
internal abstract class UntilStopped : BackgroundService
{
    protected sealed override async Task ExecuteAsync(CancellationToken stopping)
    {
        try
        {
            await Run(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops: that is how this ends.
        }
    }

    protected abstract Task Run(CancellationToken stopping);
}

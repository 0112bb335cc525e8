namespace PolicyEngine.Console.Sources;

/// <summary>Something shown that changes by itself.</summary>
public interface ILiveSource
{
    /// <summary>Calls <paramref name="changed"/> whenever there is something new to show, until cancelled.</summary>
    Task WatchAsync(Action changed, CancellationToken cancellation);
}

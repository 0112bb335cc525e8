namespace PolicyEngine.Testing;

/// <summary>Every wait has an end.</summary>
public static class Waiting
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task<T> WithTimeout<T>(this Task<T> task, TimeSpan? limit = null) => task.WaitAsync(limit ?? Limit);

    public static Task WithTimeout(this Task task, TimeSpan? limit = null) => task.WaitAsync(limit ?? Limit);

    /// <summary>Asks again every few milliseconds until it holds; fails with <paramref name="what"/> when the limit is over. For parts that tell nobody when they are ready.</summary>
    public static async Task Until(Func<Task<bool>> holds, string what, TimeSpan? limit = null)
    {
        using var end = new CancellationTokenSource(limit ?? Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            try
            {
                await timer.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"not within {(limit ?? Limit).TotalSeconds:0.#} s: {what}");
            }
        }
    }

    public static Task Until(Func<bool> holds, string what, TimeSpan? limit = null) => Until(() => Task.FromResult(holds()), what, limit);
}

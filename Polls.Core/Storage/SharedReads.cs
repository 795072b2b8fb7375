namespace Polls.Core.Storage;

/// <summary>
/// Reads a value once for all who ask for it at the same time. Those who ask while it is being read share the next
/// read, so that nobody gets a value from before the question.
/// </summary>
internal sealed class SharedReads<TKey, TValue>(Func<TKey, CancellationToken, Task<TValue>> read)
    where TKey : notnull
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    // The keys that are being read, each with those who wait for the next read; null if nobody does.
    private readonly Dictionary<TKey, TaskCompletionSource<TValue>?> running = [];

    /// <summary>The value of this key.</summary>
    /// <exception cref="TimeoutException">The read took more than 8 s.</exception>
    public Task<TValue> ReadAsync(TKey key, CancellationToken cancellationToken)
    {
        TaskCompletionSource<TValue>? waiting;
        lock (running)
        {
            if (running.TryGetValue(key, out waiting))
            {
                running[key] = waiting ??= Waiting();
            }
            else
            {
                running.Add(key, null);
                waiting = Waiting();
                // The read serves many callers, so it must not belong to the trace of the first.
                using (ExecutionContext.SuppressFlow())
                {
                    _ = RunAsync(key, waiting);
                }
            }
        }

        return waiting.Task.WaitAsync(cancellationToken);
    }

    private async Task RunAsync(TKey key, TaskCompletionSource<TValue>? waiting)
    {
        // Not while the caller holds the lock.
        await Task.Yield();
        while (waiting is not null)
        {
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                waiting.SetResult(await read(key, limit.Token));
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                waiting.SetException(new TimeoutException($"Reading {key} timed out."));
            }
            catch (Exception exception)
            {
                // Each caller answers it.
                waiting.SetException(exception);
            }

            lock (running)
            {
                waiting = running[key];
                if (waiting is null)
                {
                    running.Remove(key);
                }
                else
                {
                    running[key] = null;
                }
            }
        }
    }

    private static TaskCompletionSource<TValue> Waiting() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}

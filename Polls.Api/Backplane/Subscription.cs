namespace Polls.Api.Backplane;

/// <summary>Ends a subscription the first time it is disposed.</summary>
internal sealed class Subscription(Func<ValueTask> end) : IAsyncDisposable
{
    private Func<ValueTask>? end = end;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref end, null)?.Invoke() ?? ValueTask.CompletedTask;
}

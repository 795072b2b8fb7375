using System.Security.Cryptography;

namespace Polls.AppHost.Processes;

/// <summary>Exponential delays with jitter, so that many waiters do not retry at the same moment.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private TimeSpan? _next;

    public static Backoff Polling() => new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400));

    /// <summary>
    /// The next delay: between half and all of the current step, which then doubles up to the longest.
    /// </summary>
    public TimeSpan Next()
    {
        var step = _next ?? first;
        _next = step * 2 < longest ? step * 2 : longest;
        return step * (0.5 + (RandomNumberGenerator.GetInt32(1_000) / 2_000.0));
    }

    public void Reset() => _next = null;

    /// <summary>Polls a condition; returns false after the time limit.</summary>
    public static async Task<bool> UntilAsync(
        Func<CancellationToken, Task<bool>> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timed.CancelAfter(limit);
        var backoff = Polling();
        try
        {
            while (!await condition(timed.Token))
                await Task.Delay(backoff.Next(), timed.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc cref="UntilAsync(Func{CancellationToken, Task{bool}}, TimeSpan, CancellationToken)"/>
    public static Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken) =>
        UntilAsync(_ => Task.FromResult(condition()), limit, cancellationToken);
}

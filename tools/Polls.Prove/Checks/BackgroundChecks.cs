using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>
/// Periodic checks during the run. Each has its own loop, so that one that hangs does not block the others. An
/// exception ends its loop, and <see cref="DisposeAsync"/> rethrows it.
/// </summary>
internal sealed class BackgroundChecks : IAsyncDisposable
{
    private static readonly TimeSpan StorageInterval = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan OtherInterval = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource stop = new();
    private readonly Task[] loops;

    public BackgroundChecks(StorageCheck storage, MetricsCheck metrics, Crowd crowd, RunHistory history, Uri address) =>
        loops =
        [
            RepeatAsync(StorageInterval, (_, token) => storage.CheckAsync(token)),
            RepeatAsync(OtherInterval, (_, token) => metrics.SampleAsync(token)),
            RequestHiddenAsync(crowd, history, address),
        ];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(loops);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }

        stop.Dispose();
    }

    private async Task RequestHiddenAsync(Crowd crowd, RunHistory history, Uri address)
    {
        using var http = new ApiClient(address);
        await RepeatAsync(
            OtherInterval,
            (turn, token) =>
                HiddenCheck.RequestAsync(http, crowd.Room, crowd.Voters[turn % crowd.Voters.Count], history, token));
    }

    private async Task RepeatAsync(TimeSpan interval, Func<int, CancellationToken, Task> checkAsync)
    {
        for (var turn = 0; ; turn++)
        {
            await Task.Delay(interval, stop.Token);
            await checkAsync(turn, stop.Token);
        }
    }
}

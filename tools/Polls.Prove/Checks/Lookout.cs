using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>
/// Looks again and again while people vote and things break, at each thing by itself: what hangs in one place keeps nobody from looking
/// elsewhere. A fault of the suite itself ends that look, and <see cref="DisposeAsync"/> tells.
/// </summary>
internal sealed class Lookout : IAsyncDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource stop = new();
    private readonly Task[] looking;

    public Lookout(StorageCheck storage, Metrics metrics, Crowd crowd, Chronicle chronicle, Uri door) =>
        looking =
        [
            RepeatAsync(Often, (_, token) => storage.LookAsync(token)),
            RepeatAsync(Seldom, (_, token) => metrics.SampleAsync(token)),
            AskAsync(crowd, chronicle, door),
        ];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(looking);
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        stop.Dispose();
    }

    private async Task AskAsync(Crowd crowd, Chronicle chronicle, Uri door)
    {
        using var http = new HttpDoor(door);
        await RepeatAsync(Seldom, (turn, token) => HiddenCheck.AskAsync(http, crowd.Room, crowd.Voters[turn % crowd.Voters.Count], chronicle, token));
    }

    private async Task RepeatAsync(TimeSpan pause, Func<int, CancellationToken, Task> lookAsync)
    {
        for (var turn = 0; ; turn++)
        {
            await Task.Delay(pause, stop.Token);
            await lookAsync(turn, stop.Token);
        }
    }
}

using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>Looks again and again while people vote and things break. A fault of the suite itself ends it, and <see cref="DisposeAsync"/> tells.</summary>
internal sealed class Lookout : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(700);
    private readonly CancellationTokenSource stop = new();
    private readonly Task looking;

    public Lookout(StorageCheck storage, Metrics metrics, Crowd crowd, Chronicle chronicle, Uri door) =>
        looking = LookAsync(storage, metrics, crowd, chronicle, door);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            await looking;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        stop.Dispose();
    }

    private async Task LookAsync(StorageCheck storage, Metrics metrics, Crowd crowd, Chronicle chronicle, Uri door)
    {
        using var http = new HttpDoor(door);
        for (var turn = 0; ; turn++)
        {
            await Task.Delay(BetweenLooks, stop.Token);
            await storage.LookAsync(stop.Token);
            if (turn % 3 == 0)
            {
                await metrics.SampleAsync(stop.Token);
                await HiddenCheck.AskAsync(http, crowd.Room, crowd.Voters[turn % crowd.Voters.Count].Token, chronicle, stop.Token);
            }
        }
    }
}

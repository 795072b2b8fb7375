using Polls.Core.Votes;

namespace Polls.Api.Votes;

/// <summary>Starts the vote queue with the instance and drains it when the instance stops.</summary>
public sealed class VoteHost(VoteQueue queue) : IHostedLifecycleService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        queue.Start();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Kestrel stops first and waits for the requests whose votes are queued. The time limit of the votes starts here,
    /// so that this wait and the draining of the queue share it.
    /// </summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        queue.LimitVotes();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => queue.DrainAsync(cancellationToken);

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

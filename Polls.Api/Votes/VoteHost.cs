using Polls.Core.Votes;

namespace Polls.Api.Votes;

/// <summary>Starts the vote queue with the instance, and drains it before the instance goes.</summary>
public sealed class VoteHost(VoteQueue queue) : IHostedLifecycleService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        queue.Start();
        return Task.CompletedTask;
    }

    /// <summary>
    /// The edge stops first, and waits for the votes that it brought. Their time runs from here, so that waiting for them
    /// there and draining the queue afterwards do not add up.
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

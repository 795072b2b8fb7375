using Polls.Core.Votes;

namespace Polls.Api.Votes;

/// <summary>Starts the vote queue with the instance, and drains it before the instance goes.</summary>
public sealed class VoteHost(VoteQueue queue) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        queue.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => queue.DrainAsync().WaitAsync(cancellationToken);
}

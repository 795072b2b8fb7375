using Polls.Api.Backplane;
using Polls.Core.Telemetry;

namespace Polls.Api.Redis;

/// <summary>
/// The backplane over Redis' publish/subscribe, which keeps nothing: what is published while an instance is not
/// connected, that instance never sees. Hence <see cref="MessagesMayBeMissing"/> after every reconnect.
/// </summary>
public sealed class RedisBackplane(RedisConnection connection, PollsMetrics metrics) : IBackplane
{
    /// <inheritdoc />
    public event Action? MessagesMayBeMissing
    {
        add => connection.CameUp += value;
        remove => connection.CameUp -= value;
    }

    /// <inheritdoc />
    public BackplaneState State => connection.State;

    /// <inheritdoc />
    public async ValueTask<bool> PublishAsync(
        string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var sent = await SendAsync(channel, message, cancellationToken);
        metrics.BackplaneSent(sent);
        return sent;
    }

    /// <inheritdoc />
    public ValueTask<IAsyncDisposable> SubscribeAsync(
        string channel, Action<ReadOnlyMemory<byte>> onMessage, CancellationToken cancellationToken) =>
        connection.Channels.SubscribeAsync(channel, onMessage, cancellationToken);

    private async ValueTask<bool> SendAsync(
        string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return false;
        try
        {
            // Copied, because the client may still be sending when a call that timed out has returned.
            var bytes = message.ToArray();
            var reply = await connection.CallAsync(
                database => database.PublishAsync(RedisKeys.Bus(channel), bytes), cancellationToken);
            return reply.Answered;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>
/// Subscribing so that the messages of a channel are handled one at a time and in order, which the client's
/// versions spell differently: 1.x keeps the order for plain handlers (PreserveAsyncOrder, on by default), later
/// ones only for message queues. The project file defines REDIS_CLIENT_HAS_QUEUES from the version.
/// </summary>
internal static class OrderedSubscription
{
    public static async Task StartAsync(ISubscriber subscriber, RedisChannel channel, Action<byte[]> onMessage)
    {
#if REDIS_CLIENT_HAS_QUEUES
        var queue = await subscriber.SubscribeAsync(channel);
        queue.OnMessage(message => onMessage((byte[]?)message.Message ?? []));
#else
        await subscriber.SubscribeAsync(channel, (_, message) => onMessage((byte[]?)message ?? []));
#endif
    }
}

using System.Collections.Concurrent;
using Polls.Api.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Backplane;

/// <summary>What every backplane must do.</summary>
public abstract class BackplaneContract
{
    private readonly string channel = $"test:{Guid.NewGuid():N}";

    /// <summary>One more instance on the same carrier.</summary>
    protected abstract Task<IBackplane> InstanceAsync();

    /// <summary>How often handlers failed, over all instances.</summary>
    protected abstract long HandlerFailures { get; }

    [Fact]
    public async Task A_message_reaches_every_subscriber_on_every_instance()
    {
        var (one, two) = (await InstanceAsync(), await InstanceAsync());
        var inboxes = new[] { new Inbox(), new Inbox(), new Inbox() };
        await one.SubscribeAsync(channel, inboxes[0].Put, default);
        await two.SubscribeAsync(channel, inboxes[1].Put, default);
        await two.SubscribeAsync(channel, inboxes[2].Put, default);

        (await one.PublishAsync(channel, Bytes(7), default)).ShouldBeTrue();

        foreach (var inbox in inboxes) await inbox.HoldsAsync(7);
    }

    [Fact]
    public async Task A_message_reaches_no_other_channel()
    {
        var one = await InstanceAsync();
        Inbox wanted = new(), other = new();
        await one.SubscribeAsync(channel, wanted.Put, default);
        await one.SubscribeAsync(channel + ":other", other.Put, default);
        await one.SubscribeAsync(channel[..^1] + "*", other.Put, default);

        await one.PublishAsync(channel, Bytes(1), default);
        await wanted.HoldsAsync(1);
        await one.PublishAsync(channel + ":other", Bytes(2), default);

        await other.HoldsAsync(2);
    }

    [Fact]
    public async Task Messages_of_one_publisher_stay_in_order()
    {
        const int count = 10_000;
        var (one, two) = (await InstanceAsync(), await InstanceAsync());
        Inbox near = new(), far = new();
        await one.SubscribeAsync(channel, near.Put, default);
        await two.SubscribeAsync(channel, far.Put, default);

        // In windows, as a publisher that does not wait for each message but never has too many under way.
        foreach (var window in Enumerable.Range(0, count).Chunk(500))
        {
            var sent = await Task.WhenAll(window.Select(n => one.PublishAsync(channel, Bytes(n), default).AsTask()));
            sent.ShouldAllBe(taken => taken);
        }

        foreach (var inbox in new[] { near, far })
        {
            await Until.TrueAsync(() => inbox.Count == count, "all messages arrived");
            inbox.All.ShouldBe(Enumerable.Range(0, count));
        }
    }

    [Fact]
    public async Task Handlers_of_one_channel_never_overlap()
    {
        var (one, two) = (await InstanceAsync(), await InstanceAsync());
        var inbox = new Inbox();
        int inside = 0, overlaps = 0;
        for (var i = 0; i < 2; i++)
        {
            await one.SubscribeAsync(channel, message =>
            {
                if (Interlocked.Increment(ref inside) > 1) Interlocked.Increment(ref overlaps);
                Thread.SpinWait(2_000);
                Interlocked.Decrement(ref inside);
                inbox.Put(message);
            }, default);
        }

        await Task.WhenAll(Enumerable.Range(0, 200).Select(
            n => (n % 2 == 0 ? one : two).PublishAsync(channel, Bytes(n), default).AsTask()));

        await Until.TrueAsync(() => inbox.Count == 400, "all messages were handled");
        overlaps.ShouldBe(0);
    }

    [Fact]
    public async Task A_throwing_handler_stops_neither_itself_nor_others()
    {
        var one = await InstanceAsync();
        Inbox thrower = new(), other = new();
        await one.SubscribeAsync(channel, message =>
        {
            thrower.Put(message);
            throw new InvalidOperationException("on purpose");
        }, default);
        await one.SubscribeAsync(channel, other.Put, default);

        await one.PublishAsync(channel, Bytes(1), default);
        await one.PublishAsync(channel, Bytes(2), default);

        await other.HoldsAsync(1, 2);
        await thrower.HoldsAsync(1, 2);
        HandlerFailures.ShouldBe(2);
    }

    [Fact]
    public async Task An_ended_subscription_hears_nothing_more_and_the_others_go_on()
    {
        var one = await InstanceAsync();
        Inbox leaver = new(), stayer = new();
        var subscription = await one.SubscribeAsync(channel, leaver.Put, default);
        await one.SubscribeAsync(channel, stayer.Put, default);
        await one.PublishAsync(channel, Bytes(1), default);
        await leaver.HoldsAsync(1);

        await subscription.DisposeAsync();
        await subscription.DisposeAsync();
        await one.PublishAsync(channel, Bytes(2), default);

        await stayer.HoldsAsync(1, 2);
        await leaver.HoldsAsync(1);
    }

    [Fact]
    public async Task A_channel_can_be_left_and_joined_again()
    {
        var (one, two) = (await InstanceAsync(), await InstanceAsync());
        for (var round = 0; round < 20; round++)
        {
            var inbox = new Inbox();
            await using var subscription = await one.SubscribeAsync(channel, inbox.Put, default);
            await two.PublishAsync(channel, Bytes(round), default);
            await inbox.HoldsAsync(round);
        }
    }

    [Fact]
    public async Task Whoever_stays_hears_while_others_join_and_leave_at_the_same_time()
    {
        var (one, two) = (await InstanceAsync(), await InstanceAsync());
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            await Task.Yield();
            await (await one.SubscribeAsync(channel, static _ => { }, default)).DisposeAsync();
        }));
        var inbox = new Inbox();
        var churn = Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            await Task.Yield();
            await (await one.SubscribeAsync(channel, static _ => { }, default)).DisposeAsync();
        }));
        await one.SubscribeAsync(channel, inbox.Put, default);
        await churn;

        await two.PublishAsync(channel, Bytes(5), default);

        await inbox.HoldsAsync(5);
    }

    [Fact]
    public async Task A_publisher_may_use_its_buffer_again()
    {
        var one = await InstanceAsync();
        var inbox = new Inbox();
        await one.SubscribeAsync(channel, inbox.Put, default);
        var buffer = new byte[4];

        for (var n = 0; n < 100; n++)
        {
            BitConverter.TryWriteBytes(buffer, n);
            await one.PublishAsync(channel, buffer, default);
        }

        await inbox.HoldsAsync([.. Enumerable.Range(0, 100)]);
    }

    [Fact]
    public async Task A_cancelled_publish_says_that_nothing_was_sent()
    {
        var one = await InstanceAsync();

        (await one.PublishAsync(channel, Bytes(1), new CancellationToken(canceled: true))).ShouldBeFalse();
    }

    protected static byte[] Bytes(int number) => BitConverter.GetBytes(number);

    protected sealed class Inbox
    {
        private readonly ConcurrentQueue<int> messages = new();

        public int Count => messages.Count;

        public IEnumerable<int> All => messages;

        public void Put(ReadOnlyMemory<byte> message) => messages.Enqueue(BitConverter.ToInt32(message.Span));

        public async Task HoldsAsync(params int[] expected)
        {
            await Until.TrueAsync(() => messages.Count >= expected.Length, $"{expected.Length} messages arrived");
            messages.ShouldBe(expected);
        }
    }
}

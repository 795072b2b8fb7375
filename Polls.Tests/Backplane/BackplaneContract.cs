using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Polls.Api.Backplane;
using Polls.Core.Kinds;
using Polls.Core.Tallies;
using Polls.Tests.Servers;

namespace Polls.Tests.Backplane;

/// <summary>What live rooms rely on, for every backplane implementation.</summary>
public abstract class BackplaneContract
{
    private readonly Guid room = Guid.NewGuid();

    protected abstract Task<(IHubContext<RoomBackplane, IRoomBackplaneClient> Rooms, RoomGroups Listeners)> InstanceAsync();

    /// <summary>Sends a number to all listeners of the room; true if the backplane accepted it.</summary>
    internal static async Task<bool> TellAsync(IHubContext<RoomBackplane, IRoomBackplaneClient> rooms, Guid room, int number)
    {
        try
        {
            await rooms.Clients.Group(RoomBackplane.GroupOf(room)).RoomMoved(new RoomMessage(Participants: number));
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>The numbers that a listener receives, after it has joined.</summary>
    internal static async Task<(ConcurrentQueue<int> Heard, IDisposable Listening)> ListenAsync(
        RoomGroups listeners, Guid room, Action<int>? also = null)
    {
        var (heard, joined, listening) = BeginListening(listeners, room, also);
        await joined.WaitAsync(Until.Limit);
        return (heard, listening);
    }

    /// <summary>The same, without waiting until it has joined.</summary>
    internal static (ConcurrentQueue<int> Heard, Task Joined, IDisposable Listening) BeginListening(
        RoomGroups listeners, Guid room, Action<int>? also = null)
    {
        var heard = new ConcurrentQueue<int>();
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = listeners.Listen(
            room,
            message =>
            {
                heard.Enqueue(message.Participants!.Value);
                also?.Invoke(message.Participants!.Value);
            },
            joined.SetResult);
        return (heard, joined.Task, listening);
    }

    [Fact]
    public async Task A_message_reaches_every_listener_of_its_room_on_every_instance_and_no_other_room()
    {
        var one = await InstanceAsync();
        var two = await InstanceAsync();
        var (near, _) = await ListenAsync(one.Listeners, room);
        var (second, _) = await ListenAsync(one.Listeners, room);
        var (far, _) = await ListenAsync(two.Listeners, room);
        var (other, _) = await ListenAsync(two.Listeners, Guid.NewGuid());

        (await TellAsync(one.Rooms, room, 7)).ShouldBeTrue();

        await Until.TrueAsync(() => near.Contains(7) && second.Contains(7) && far.Contains(7), "all three have received it");
        other.ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_of_one_instance_arrive_once_and_in_order()
    {
        var one = await InstanceAsync();
        var two = await InstanceAsync();
        var (heard, _) = await ListenAsync(two.Listeners, room);

        for (var i = 0; i < 500; i++)
        {
            await TellAsync(one.Rooms, room, i);
        }

        await Until.TrueAsync(() => heard.Count >= 500, "all have arrived");
        heard.ShouldBe(Enumerable.Range(0, 500));
    }

    [Fact]
    public async Task A_message_arrives_as_it_was_sent_however_long_it_is()
    {
        var one = await InstanceAsync();
        var two = await InstanceAsync();
        var received = new TaskCompletionSource<RoomMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = two.Listeners.Listen(room, received.SetResult, joined.SetResult);
        await joined.Task.WaitAsync(Until.Limit);
        var sent = new RoomMessage(
            [.. Enumerable.Range(1, 300).Select(i => new TallyMoved(room, i, new Tally(Guid.NewGuid(), i, [.. Enumerable.Range(0, 50)], i), "7-1"))],
            Changed: true, Participants: 12, new SessionsMoved([new(Guid.NewGuid(), DateTimeOffset.UnixEpoch)], "one"),
            new VotesCast([new(Guid.NewGuid(), Guid.NewGuid(), "7-1", 3, 7, new Ballot([0, 2], [5, 6], ["año"], ["Año"]))], "one"));

        await one.Rooms.Clients.Group(RoomBackplane.GroupOf(room)).RoomMoved(sent);

        var got = await received.Task.WaitAsync(Until.Limit);
        JsonSerializer.Serialize(got).ShouldBe(JsonSerializer.Serialize(sent));
    }

    [Fact]
    public async Task A_listener_that_throws_stops_neither_itself_nor_others()
    {
        var one = await InstanceAsync();
        var (bad, _) = await ListenAsync(one.Listeners, room, number => throw new InvalidOperationException($"{number}"));
        var (good, _) = await ListenAsync(one.Listeners, room);

        await TellAsync(one.Rooms, room, 1);
        await TellAsync(one.Rooms, room, 2);

        await Until.TrueAsync(() => bad.Contains(2) && good.Contains(2), "both have received both");
    }

    [Fact]
    public async Task A_listener_that_leaves_receives_nothing_more_and_can_join_again()
    {
        var one = await InstanceAsync();
        var (stays, _) = await ListenAsync(one.Listeners, room);
        var (left, listening) = await ListenAsync(one.Listeners, room);
        listening.Dispose();

        await TellAsync(one.Rooms, room, 1);
        await Until.TrueAsync(() => stays.Contains(1), "the other one receives it");
        left.ShouldBeEmpty();

        var (again, _) = await ListenAsync(one.Listeners, room);
        await TellAsync(one.Rooms, room, 2);
        await Until.TrueAsync(() => again.Contains(2), "it receives messages again");
        left.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_listener_receives_every_message_while_others_join_and_leave()
    {
        var one = await InstanceAsync();
        var (stays, _) = await ListenAsync(one.Listeners, room);
        var coming = Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                (await ListenAsync(one.Listeners, room)).Listening.Dispose();
            }
        });

        for (var i = 0; i < 200; i++)
        {
            (await TellAsync(one.Rooms, room, i)).ShouldBeTrue();
        }

        await coming;
        await Until.TrueAsync(() => stays.Count == 200, "all have arrived");
        stays.ShouldBe(Enumerable.Range(0, 200));
    }
}

using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Polls.Api.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Hubs;

/// <summary>Across instances that share a backplane in memory.</summary>
public sealed class RedisHubLifetimeManagerTests : AcrossInstancesContract, IAsyncLifetime
{
    private const string Channels = "polls:hub:ContractHub:";
    private readonly InProcessBackplane shared;
    private readonly List<FaultyBackplane> views = [];

    public RedisHubLifetimeManagerTests() => shared = new(Metrics.Polls, NullLogger<InProcessBackplane>.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await shared.DisposeAsync();

    [Fact]
    public async Task While_the_backplane_is_away_local_members_are_served_and_when_it_is_back_all_are()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var (near, far) = (await ConnectAsync(first), await ConnectAsync(second));
        await first.AddToGroupAsync(near.Id, "g");
        await second.AddToGroupAsync(far.Id, "g");

        views.ForEach(view => view.GoDown());
        await first.SendGroupAsync("g", "Hello", ["away"]);
        await near.GetsAsync("away");
        await Should.ThrowAsync<IOException>(async () => await first.AddToGroupAsync(far.Id, "h"));

        views.ForEach(view => view.ComeBack());
        await first.SendGroupAsync("g", "Hello", ["back"]);
        await near.GetsAsync("back");
        await far.GetsAsync("back");
    }

    [Fact]
    public async Task A_subscription_that_failed_is_made_when_the_backplane_is_back()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var one = await ConnectAsync(first);
        views[0].RefusesSubscriptions = true;
        await first.AddToGroupAsync(one.Id, "g");
        var before = views[0].Subscriptions;

        views[0].RefusesSubscriptions = false;
        views[0].ComeBack();

        await Until.TrueAsync(() => views[0].Subscriptions == before + 1, "the group is subscribed");
        await second.SendGroupAsync("g", "Hello", World);
        await one.GetsAsync("World");
    }

    [Fact]
    public async Task The_first_member_subscribes_and_the_last_unsubscribes()
    {
        var hub = await InstanceAsync();
        var (one, two) = (await ConnectAsync(hub, "a"), await ConnectAsync(hub, "a"));
        var idle = views[0].Subscriptions;
        await hub.AddToGroupAsync(one.Id, "g");
        await hub.AddToGroupAsync(two.Id, "g");
        views[0].Subscriptions.ShouldBe(idle + 1);

        await hub.OnDisconnectedAsync(one.Connection);
        views[0].Subscriptions.ShouldBe(idle + 1);
        await hub.RemoveFromGroupAsync(two.Id, "g");
        views[0].Subscriptions.ShouldBe(idle);
        await hub.OnDisconnectedAsync(two.Connection);
        views[0].Subscriptions.ShouldBe(idle - 1);
    }

    [Fact]
    public async Task Joining_and_leaving_at_once_ends_in_the_right_subscription()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var stay = await ConnectAsync(first);
        var others = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ConnectAsync(first)));

        await Task.WhenAll(others.Select(other => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await first.AddToGroupAsync(other.Id, "g");
                await first.RemoveFromGroupAsync(other.Id, "g");
            }
        })));
        await first.AddToGroupAsync(stay.Id, "g");

        await second.SendGroupAsync("g", "Hello", World);
        await stay.GetsAsync("World");
    }

    [Fact]
    public async Task A_message_to_a_local_connection_is_not_published()
    {
        var hub = await InstanceAsync();
        var one = await ConnectAsync(hub);

        await hub.SendConnectionAsync(one.Id, "Hello", World);

        views[0].Published.ShouldBe(0);
        await one.GetsAsync("World");
    }

    [Fact]
    public async Task What_cannot_be_understood_is_skipped()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var one = await ConnectAsync(first);

        foreach (var nonsense in (byte[][])[[], [9, 1, 2, 3], [1, 1], [1, 77, .. new byte[16]], [1, 1, .. new byte[16], 255, 255, 255, 255, 127]])
            await shared.PublishAsync(Channels + "all", nonsense, default);
        await second.SendAllAsync("Hello", World);

        await one.GetsAsync("World");
    }

    protected override Task<HubLifetimeManager<ContractHub>> InstanceAsync()
    {
        views.Add(new FaultyBackplane(shared));
        return Task.FromResult<HubLifetimeManager<ContractHub>>(Over(views[^1]));
    }
}

using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Hubs;
using Polls.Tests.Servers;

namespace Polls.Tests.Hubs;

/// <summary>What every delivery of hub messages does, within one instance.</summary>
public abstract partial class HubLifetimeManagerContract : IDisposable
{
    private readonly List<TestClient> clients = [];

    protected TestMetrics Metrics { get; } = new();

    protected static object?[] World { get; } = ["World"];

    public void Dispose()
    {
        clients.ForEach(client => client.Dispose());
        Metrics.Dispose();
    }

    protected abstract Task<HubLifetimeManager<ContractHub>> InstanceAsync();

    protected IOptions<HubDeliveryOptions<ContractHub>> DeliveryOptions { get; } =
        Options.Create(new HubDeliveryOptions<ContractHub>
        {
            QueueLimit = 8,
            RemoteTimeout = TimeSpan.FromSeconds(2),
            NewestKey = (method, args) => method == "Newest" ? (string)args[0]! : null,
        });

    protected LocalHubLifetimeManager<ContractHub> Local() => new(
        Protocols(), DeliveryOptions, Metrics.Polls, TimeProvider.System, NullLogger<LocalHubLifetimeManager<ContractHub>>.Instance);

    protected RedisHubLifetimeManager<ContractHub> Over(IBackplane backplane) => new(
        backplane, Protocols(), DeliveryOptions, Metrics.Polls, TimeProvider.System,
        NullLogger<RedisHubLifetimeManager<ContractHub>>.Instance);

    protected async Task<TestClient> ConnectAsync(HubLifetimeManager<ContractHub> instance, string? user = null, bool broken = false)
    {
        var client = new TestClient(user, broken);
        clients.Add(client);
        await instance.OnConnectedAsync(client.Connection);
        return client;
    }

    // What was sent before arrives before, so a client that gets this next did not get anything else.
    protected static async Task NothingElseAsync(HubLifetimeManager<ContractHub> instance, TestClient client)
    {
        var marker = Guid.NewGuid().ToString();
        await instance.SendConnectionAsync(client.Id, "Hello", [marker]);
        await client.GetsAsync(marker);
    }

    private static JsonOnly Protocols() => new();

    [Fact]
    public async Task A_message_for_all_reaches_all_but_the_excluded_and_the_disconnected()
    {
        var hub = await InstanceAsync();
        var (one, two, gone) = (await ConnectAsync(hub), await ConnectAsync(hub), await ConnectAsync(hub));
        await hub.OnDisconnectedAsync(gone.Connection);

        await hub.SendAllAsync("Hello", World);
        await hub.SendAllExceptAsync("Hello", ["again"], [two.Id]);

        await one.GetsAsync("World");
        await one.GetsAsync("again");
        await two.GetsAsync("World");
        await NothingElseAsync(hub, two);
        await hub.OnConnectedAsync(gone.Connection);
        await NothingElseAsync(hub, gone);
    }

    [Fact]
    public async Task A_message_for_connections_reaches_each_once()
    {
        var hub = await InstanceAsync();
        var (one, two, three) = (await ConnectAsync(hub), await ConnectAsync(hub), await ConnectAsync(hub));

        await hub.SendConnectionAsync(one.Id, "Hello", World);
        await hub.SendConnectionsAsync([one.Id, two.Id, two.Id, "nobody"], "Hello", ["both"]);

        await one.GetsAsync("World");
        await one.GetsAsync("both");
        await two.GetsAsync("both");
        await NothingElseAsync(hub, two);
        await NothingElseAsync(hub, three);
    }

    [Fact]
    public async Task A_group_message_reaches_members_but_the_excluded()
    {
        var hub = await InstanceAsync();
        var (one, two, outside) = (await ConnectAsync(hub), await ConnectAsync(hub), await ConnectAsync(hub));
        await hub.AddToGroupAsync(one.Id, "g");
        await hub.AddToGroupAsync(two.Id, "g");

        await hub.SendGroupAsync("g", "Hello", World);
        await hub.SendGroupExceptAsync("g", "Hello", ["not two"], [two.Id]);

        await one.GetsAsync("World");
        await one.GetsAsync("not two");
        await two.GetsAsync("World");
        await NothingElseAsync(hub, two);
        await NothingElseAsync(hub, outside);
    }

    [Fact]
    public async Task A_message_for_several_groups_arrives_once_for_each()
    {
        var hub = await InstanceAsync();
        var (one, both) = (await ConnectAsync(hub), await ConnectAsync(hub));
        await hub.AddToGroupAsync(one.Id, "g");
        await hub.AddToGroupAsync(both.Id, "g");
        await hub.AddToGroupAsync(both.Id, "h");

        await hub.SendGroupsAsync(["g", "h"], "Hello", World);

        await one.GetsAsync("World");
        await NothingElseAsync(hub, one);
        await both.GetsAsync("World");
        await both.GetsAsync("World");
        await NothingElseAsync(hub, both);
    }

    [Fact]
    public async Task Joining_twice_is_joining_once_and_leaving_without_being_in_does_nothing()
    {
        var hub = await InstanceAsync();
        var one = await ConnectAsync(hub);
        await hub.RemoveFromGroupAsync(one.Id, "g");
        await hub.AddToGroupAsync(one.Id, "g");
        await hub.AddToGroupAsync(one.Id, "g");

        await hub.SendGroupAsync("g", "Hello", World);
        await one.GetsAsync("World");
        await NothingElseAsync(hub, one);

        await hub.RemoveFromGroupAsync(one.Id, "g");
        await hub.SendGroupAsync("g", "Hello", World);
        await NothingElseAsync(hub, one);
    }

    [Fact]
    public async Task A_user_message_reaches_all_connections_of_the_user_until_they_leave()
    {
        var hub = await InstanceAsync();
        var (one, two, other) = (await ConnectAsync(hub, "a"), await ConnectAsync(hub, "a"), await ConnectAsync(hub, "b"));

        await hub.SendUserAsync("a", "Hello", World);
        await one.GetsAsync("World");
        await two.GetsAsync("World");
        await NothingElseAsync(hub, other);

        await hub.OnDisconnectedAsync(one.Connection);
        await hub.SendUsersAsync(["a", "b"], "Hello", ["users"]);
        await two.GetsAsync("users");
        await other.GetsAsync("users");
        await hub.OnConnectedAsync(one.Connection);
        await NothingElseAsync(hub, one);
    }

    [Fact]
    public async Task Disconnecting_leaves_every_group()
    {
        var hub = await InstanceAsync();
        var one = await ConnectAsync(hub);
        await hub.AddToGroupAsync(one.Id, "g");
        await hub.OnDisconnectedAsync(one.Connection);
        await hub.OnConnectedAsync(one.Connection);

        await hub.SendGroupAsync("g", "Hello", World);

        await NothingElseAsync(hub, one);
    }

    [Fact]
    public async Task A_connection_that_fails_is_aborted_and_the_others_get_their_messages()
    {
        var hub = await InstanceAsync();
        var (broken, whole) = (await ConnectAsync(hub, broken: true), await ConnectAsync(hub));
        await hub.AddToGroupAsync(broken.Id, "g");
        await hub.AddToGroupAsync(whole.Id, "g");

        await hub.SendGroupAsync("g", "Hello", ["1"]);
        await hub.SendGroupAsync("g", "Hello", ["2"]);

        await whole.GetsAsync("1");
        await whole.GetsAsync("2");
        await Until.TrueAsync(() => broken.Connection.ConnectionAborted.IsCancellationRequested, "the broken one is aborted");
    }

    [Fact]
    public async Task Arguments_that_cannot_be_serialised_fail_the_sender_and_harm_nobody()
    {
        var hub = await InstanceAsync();
        var one = await ConnectAsync(hub);

        await Should.ThrowAsync<NotSupportedException>(async () => await hub.SendAllAsync("Hello", [typeof(string)]));

        await NothingElseAsync(hub, one);
    }

    [Fact]
    public async Task A_state_sent_to_a_group_replaces_the_one_that_waits_and_the_stalled_delay_nobody()
    {
        var hub = await InstanceAsync();
        var (stalled, quick) = (await ConnectAsync(hub), await ConnectAsync(hub));
        await hub.AddToGroupAsync(stalled.Id, "g");
        await hub.AddToGroupAsync(quick.Id, "g");
        await hub.SendConnectionAsync(stalled.Id, "Hello", [new string('x', 100_000)]);
        var outbox = ((IHubOutboxes<ContractHub>)hub).FindOutbox(stalled.Id).ShouldNotBeNull();

        for (var version = 1; version <= 1_000; version++)
        {
            await hub.SendGroupAsync("g", "Newest", ["poll", version]);
            (await quick.ReadAsync()).Arguments[1].GetInt32().ShouldBe(version);
        }

        outbox.Waiting.ShouldBe(1);
        Metrics["polls.hub.connections.slow"].ShouldBe(1);
        Metrics["polls.hub.messages.replaced"].ShouldBe(999);
        (await stalled.ReadAsync()).Target.ShouldBe("Hello");
        (await stalled.ReadAsync()).Arguments[1].GetInt32().ShouldBe(1_000);
        await Until.TrueAsync(() => Metrics["polls.hub.connections.slow"] == 0, "it has caught up");
    }
}

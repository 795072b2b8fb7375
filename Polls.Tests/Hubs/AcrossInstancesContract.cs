using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Tests.Hubs;

/// <summary>What deliveries that work across instances do besides; every call of InstanceAsync makes one more instance.</summary>
public abstract class AcrossInstancesContract : HubLifetimeManagerContract
{
    [Fact]
    public async Task A_message_for_all_crosses_instances_and_arrives_once()
    {
        var (first, second, third) = (await InstanceAsync(), await InstanceAsync(), await InstanceAsync());
        var (one, two, three) = (await ConnectAsync(first), await ConnectAsync(second), await ConnectAsync(third));

        await first.SendAllAsync("Hello", World);
        await one.GetsAsync("World");
        await two.GetsAsync("World");
        await three.GetsAsync("World");

        await second.SendAllExceptAsync("Hello", ["not one"], [one.Id]);
        await two.GetsAsync("not one");
        await three.GetsAsync("not one");
        await NothingElseAsync(second, one);
        await NothingElseAsync(first, two);
        await NothingElseAsync(first, three);
    }

    [Fact]
    public async Task Messages_for_connections_cross_instances()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var (one, two) = (await ConnectAsync(first), await ConnectAsync(second));

        await first.SendConnectionAsync(two.Id, "Hello", World);
        await first.SendConnectionsAsync([one.Id, two.Id], "Hello", ["both"]);

        await two.GetsAsync("World");
        await two.GetsAsync("both");
        await one.GetsAsync("both");
        await NothingElseAsync(second, one);
    }

    [Fact]
    public async Task A_connection_known_to_two_instances_gets_a_local_message_once()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var one = await ConnectAsync(first);
        await second.OnConnectedAsync(one.Connection);

        await first.SendConnectionAsync(one.Id, "Hello", World);

        await one.GetsAsync("World");
        await NothingElseAsync(first, one);
    }

    [Fact]
    public async Task Writing_to_a_broken_connection_elsewhere_does_not_throw()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var broken = await ConnectAsync(second, broken: true);

        await first.SendConnectionAsync(broken.Id, "Hello", World);
    }

    [Fact]
    public async Task Group_messages_cross_instances_in_order()
    {
        var (first, second, third) = (await InstanceAsync(), await InstanceAsync(), await InstanceAsync());
        var (one, two) = (await ConnectAsync(first), await ConnectAsync(second));
        await first.AddToGroupAsync(one.Id, "g");
        await second.AddToGroupAsync(two.Id, "g");
        await second.AddToGroupAsync(two.Id, "h");

        for (var i = 0; i < 200; i++)
        {
            await third.SendGroupAsync("g", "Hello", [$"{i}"]);
            await one.GetsAsync($"{i}");
            await two.GetsAsync($"{i}");
        }

        await third.SendGroupExceptAsync("g", "Hello", ["not one"], [one.Id]);
        await two.GetsAsync("not one");
        await first.SendGroupsAsync(["g", "h"], "Hello", ["twice"]);
        await one.GetsAsync("twice");
        await NothingElseAsync(third, one);
        await two.GetsAsync("twice");
        await two.GetsAsync("twice");
    }

    [Fact]
    public async Task Unread_group_messages_of_one_sender_stay_in_order()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var one = await ConnectAsync(first);
        await first.AddToGroupAsync(one.Id, "g");

        for (var i = 0; i < 300; i++) await second.SendGroupAsync("g", "Hello", [$"{i}"]);

        for (var i = 0; i < 300; i++) await one.GetsAsync($"{i}");
    }

    [Fact]
    public async Task User_messages_cross_instances_until_the_last_connection_leaves()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var (one, two) = (await ConnectAsync(first, "a"), await ConnectAsync(first, "a"));

        await second.SendUserAsync("a", "Hello", World);
        await one.GetsAsync("World");
        await two.GetsAsync("World");

        await first.OnDisconnectedAsync(one.Connection);
        await second.SendUsersAsync(["a", "b"], "Hello", ["still"]);
        await two.GetsAsync("still");
        await first.OnDisconnectedAsync(two.Connection);
        await first.OnConnectedAsync(two.Connection);
        await second.SendUserAsync("a", "Hello", ["back"]);
        await two.GetsAsync("back");
    }

    [Fact]
    public async Task A_connection_of_another_instance_joins_and_leaves_groups()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var one = await ConnectAsync(first);
        await second.RemoveFromGroupAsync(one.Id, "g");
        await second.AddToGroupAsync(one.Id, "g");
        await second.AddToGroupAsync(one.Id, "g");

        await second.SendGroupAsync("g", "Hello", World);
        await one.GetsAsync("World");
        await NothingElseAsync(second, one);

        await second.RemoveFromGroupAsync(one.Id, "g");
        await second.SendGroupAsync("g", "Hello", World);
        await NothingElseAsync(second, one);
    }

    [Fact]
    public async Task Nobody_confirming_a_group_change_is_said_after_a_while()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        await ConnectAsync(second);

        await Should.ThrowAsync<TimeoutException>(async () => await first.AddToGroupAsync("nobody", "g"));
    }

    [Fact]
    public async Task A_result_crosses_instances()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var one = await ConnectAsync(first);

        var mine = first.InvokeConnectionAsync<int>(one.Id, "Ask", World, default);
        var mineId = (await one.ReadAsync()).InvocationId!;
        var theirs = second.InvokeConnectionAsync<int>(one.Id, "Ask", World, default);
        var theirsId = (await one.ReadAsync()).InvocationId!;
        theirsId.ShouldNotBe(mineId);
        first.TryGetReturnType(theirsId, out var type).ShouldBeTrue();
        type.ShouldBe(typeof(RawResult));
        await first.SetConnectionResultAsync(one.Id, CompletionMessage.WithResult(theirsId, 5));
        await first.SetConnectionResultAsync(one.Id, CompletionMessage.WithResult(mineId, 2));

        (await mine).ShouldBe(2);
        (await theirs).ShouldBe(5);
        first.TryGetReturnType(theirsId, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Error from client", null, "Error from client")]
    [InlineData(null, "wrong type", "Error trying to deserialize result to Int32.")]
    public async Task An_error_or_a_wrong_type_crosses_instances(string? error, object? result, string expected)
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var one = await ConnectAsync(first);

        var asked = second.InvokeConnectionAsync<int>(one.Id, "Ask", World, default);
        var id = (await one.ReadAsync()).InvocationId!;
        await first.SetConnectionResultAsync(one.Id, new CompletionMessage(id, error, result, error is null));

        (await Should.ThrowAsync<IOException>(async () => await asked)).Message.ShouldStartWith(expected);
    }

    [Fact]
    public async Task A_disconnect_ends_the_wait_of_another_instance()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var one = await ConnectAsync(first);

        var asked = second.InvokeConnectionAsync<int>(one.Id, "Ask", World, default);
        await one.ReadAsync();
        one.Connection.Abort();
        await first.OnDisconnectedAsync(one.Connection);

        (await Should.ThrowAsync<IOException>(async () => await asked)).Message.ShouldBe("Connection disconnected.");
    }

    [Fact]
    public async Task Cancelling_ends_the_call_on_both_instances()
    {
        var (first, second) = (await InstanceAsync(), await InstanceAsync());
        var one = await ConnectAsync(first);
        using var cancel = new CancellationTokenSource();

        var asked = second.InvokeConnectionAsync<int>(one.Id, "Ask", World, cancel.Token);
        var id = (await one.ReadAsync()).InvocationId!;
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await asked);
        await Servers.Until.TrueAsync(() => !first.TryGetReturnType(id, out _), "the call is forgotten where the connection is");
    }
}

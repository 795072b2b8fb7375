using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Tests.Hubs;

/// <content>Calls to clients that want a result.</content>
public abstract partial class HubLifetimeManagerContract
{
    [Fact]
    public async Task A_clients_result_comes_back()
    {
        var hub = await InstanceAsync();
        var one = await ConnectAsync(hub);

        var result = hub.InvokeConnectionAsync<int>(one.Id, "Ask", World, default);
        var id = (await one.ReadAsync()).InvocationId.ShouldNotBeNull();
        hub.TryGetReturnType(id, out var type).ShouldBeTrue();
        type.ShouldBe(typeof(int));
        await hub.SetConnectionResultAsync(one.Id, CompletionMessage.WithResult(id, 42));

        (await result).ShouldBe(42);
        hub.TryGetReturnType(id, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_clients_error_comes_back()
    {
        var hub = await InstanceAsync();
        var one = await ConnectAsync(hub);

        var result = hub.InvokeConnectionAsync<int>(one.Id, "Ask", World, default);
        var id = (await one.ReadAsync()).InvocationId!;
        await hub.SetConnectionResultAsync(one.Id, CompletionMessage.WithError(id, "Error from client"));

        (await Should.ThrowAsync<IOException>(async () => await result)).Message.ShouldBe("Error from client");
    }

    [Fact]
    public async Task Only_the_connection_that_was_asked_can_answer()
    {
        var hub = await InstanceAsync();
        var (asked, other) = (await ConnectAsync(hub), await ConnectAsync(hub));

        var result = hub.InvokeConnectionAsync<int>(asked.Id, "Ask", World, default);
        var id = (await asked.ReadAsync()).InvocationId!;
        await hub.SetConnectionResultAsync(other.Id, CompletionMessage.WithResult(id, 1));
        await hub.SetConnectionResultAsync(asked.Id, CompletionMessage.WithResult(id, 2));

        (await result).ShouldBe(2);
    }

    [Fact]
    public async Task Asking_a_connection_that_does_not_exist_fails()
    {
        var hub = await InstanceAsync();

        var failure = await Should.ThrowAsync<IOException>(async () => await hub.InvokeConnectionAsync<int>("1234", "Ask", World, default));

        failure.Message.ShouldBe("Connection '1234' does not exist.");
    }

    [Fact]
    public async Task Asking_a_connection_that_disconnects_fails()
    {
        var hub = await InstanceAsync();
        var one = await ConnectAsync(hub);

        var result = hub.InvokeConnectionAsync<int>(one.Id, "Ask", World, default);
        await one.ReadAsync();
        await hub.OnDisconnectedAsync(one.Connection);

        await Should.ThrowAsync<IOException>(async () => await result);
    }

    [Fact]
    public async Task Asking_can_be_cancelled()
    {
        var hub = await InstanceAsync();
        var one = await ConnectAsync(hub);
        using var cancel = new CancellationTokenSource();

        var result = hub.InvokeConnectionAsync<int>(one.Id, "Ask", World, cancel.Token);
        var id = (await one.ReadAsync()).InvocationId!;
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await result);
        hub.TryGetReturnType(id, out _).ShouldBeFalse();
        await hub.SetConnectionResultAsync(one.Id, CompletionMessage.WithResult(id, 1));
    }
}

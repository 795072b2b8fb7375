using Microsoft.Extensions.Logging.Abstractions;
using Polls.Api.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Backplane;

public sealed class InProcessBackplaneTests : BackplaneContract, IAsyncDisposable
{
    private readonly TestMetrics metrics = new();
    private readonly InProcessBackplane shared;

    public InProcessBackplaneTests() => shared = new(metrics.Polls, NullLogger<InProcessBackplane>.Instance);

    protected override long HandlerFailures => metrics["polls.loop.failures"];

    [Fact]
    public void It_says_that_it_talks_to_itself_only() => shared.State.ShouldBe(BackplaneState.InProcess);

    [Fact]
    public async Task A_full_queue_refuses_instead_of_growing()
    {
        using var held = new ManualResetEventSlim();
        await shared.SubscribeAsync("full", _ => held.Wait(TimeSpan.FromSeconds(30)), default);
        var refused = false;
        for (var i = 0; i < 100_000 && !refused; i++) refused = !await shared.PublishAsync("full", Bytes(i), default);
        held.Set();

        refused.ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        await shared.DisposeAsync();
        metrics.Dispose();
    }

    protected override Task<IBackplane> InstanceAsync() => Task.FromResult<IBackplane>(shared);
}

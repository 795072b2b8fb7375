using Polls.Core.Storage;

namespace Polls.Tests.Storage;

/// <summary>Who asks at the same time shares a read, and nobody gets a value from before the question.</summary>
public sealed class SharedReadsTests
{
    private readonly List<TaskCompletionSource<int>> reads = [];
    private readonly SemaphoreSlim started = new(0);
    private readonly SharedReads<string, int> shared;

    public SharedReadsTests() => shared = new((_, _) =>
    {
        var read = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        reads.Add(read);
        started.Release();
        return read.Task;
    });

    [Fact]
    public async Task Who_asks_during_a_read_shares_the_next_one()
    {
        var first = shared.ReadAsync("code", default);
        await started.WaitAsync();
        var others = Enumerable.Range(0, 100).Select(_ => shared.ReadAsync("code", default)).ToList();
        reads[0].SetResult(1);
        (await first).ShouldBe(1);
        await started.WaitAsync();
        var late = shared.ReadAsync("code", default);
        reads[1].SetResult(2);
        (await Task.WhenAll(others)).ShouldAllBe(value => value == 2);
        await started.WaitAsync();
        reads[2].SetResult(3);
        (await late).ShouldBe(3);
        reads.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_failure_is_told_to_all_who_waited_for_it_and_the_next_read_succeeds()
    {
        var first = shared.ReadAsync("code", default);
        await started.WaitAsync();
        var others = Enumerable.Range(0, 3).Select(_ => shared.ReadAsync("code", default)).ToList();
        reads[0].SetException(new TimeoutException());
        await Should.ThrowAsync<TimeoutException>(first);
        await started.WaitAsync();
        reads[1].SetException(new TimeoutException());
        foreach (var other in others)
        {
            await Should.ThrowAsync<TimeoutException>(other);
        }

        var next = shared.ReadAsync("code", default);
        await started.WaitAsync();
        reads[2].SetResult(7);
        (await next).ShouldBe(7);
    }

    [Fact]
    public async Task Who_gives_up_takes_nothing_from_the_others_and_other_keys_do_not_wait()
    {
        using var patience = new CancellationTokenSource();
        var impatient = shared.ReadAsync("code", patience.Token);
        await started.WaitAsync();
        var other = shared.ReadAsync("another code", default);
        await started.WaitAsync();
        reads[1].SetResult(2);
        (await other).ShouldBe(2);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);
        var next = shared.ReadAsync("code", default);
        reads[0].SetResult(1);
        await started.WaitAsync();
        reads[2].SetResult(3);
        (await next).ShouldBe(3);
    }
}

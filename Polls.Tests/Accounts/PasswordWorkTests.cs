using Polls.Api.Accounts;
using Polls.Core;

namespace Polls.Tests.Accounts;

/// <summary>How many passwords are hashed at once.</summary>
public sealed class PasswordWorkTests
{
    [Fact]
    public async Task At_most_half_of_the_cores_hash_and_everybody_has_a_turn()
    {
        using var work = new PasswordWork();
        var (now, most, done) = (0, 0, 0);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, PasswordWork.MostWaiting).Select(_ => Task.Run(() => work.RunAsync<Done>(
            async () =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref now));
                await Task.Yield();
                Interlocked.Decrement(ref now);
                Interlocked.Increment(ref done);
                return default(Done);
            },
            CancellationToken.None))));
        outcomes.ShouldAllBe(outcome => outcome.Refusal == null);
        done.ShouldBe(PasswordWork.MostWaiting);
        most.ShouldBeLessThanOrEqualTo(Math.Max(1, Environment.ProcessorCount / 2));
    }

    [Fact]
    public async Task More_than_can_wait_are_refused_at_once_and_a_turn_ends_with_its_work_even_if_it_fails()
    {
        using var work = new PasswordWork();
        var gate = new TaskCompletionSource();
        var turns = Math.Max(1, Environment.ProcessorCount / 2);
        var waiting = Enumerable.Range(0, turns + PasswordWork.MostWaiting)
            .Select(i => work.RunAsync<Done>(
                async () =>
                {
                    await gate.Task;
                    return i % 2 == 0 ? throw new InvalidOperationException("It fails.") : default(Done);
                },
                CancellationToken.None))
            .ToList();
        var refused = (await work.RunAsync<Done>(() => throw new InvalidOperationException("It has no turn."), CancellationToken.None)).Refusal;
        (refused!.Code, refused.RetryAfter).ShouldBe(("busy", TimeSpan.FromSeconds(5)));

        gate.SetResult();
        await Task.WhenAll(waiting.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default)));
        waiting.Count(task => task.IsFaulted).ShouldBe((waiting.Count + 1) / 2);
        (await work.RunAsync<Done>(() => Task.FromResult<Outcome<Done>>(default(Done)), CancellationToken.None)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_leaves_while_waiting_has_no_turn()
    {
        using var work = new PasswordWork();
        var gate = new TaskCompletionSource();
        var turns = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(_ => work.RunAsync<Done>(
            async () =>
            {
                await gate.Task;
                return default(Done);
            },
            CancellationToken.None)).ToList();
        using var gone = new CancellationTokenSource();
        var left = work.RunAsync<Done>(() => throw new InvalidOperationException("It has no turn."), gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left);
        gate.SetResult();
        await Task.WhenAll(turns);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}

using System.Diagnostics;
using Npgsql;
using Polls.Prove.Clients;
using Polls.Prove.History;

namespace Polls.Prove.People;

/// <summary>
/// Closes and reopens, hides and shows, resets and reopens polls over HTTP, and opens one for a second. Retries each
/// command until it is acknowledged.
/// </summary>
internal sealed class Host(
    Room room, ApiClient http, NpgsqlDataSource database, RunHistory history, Func<TimeSpan> faultFreeFor,
    Random random)
{
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(90);

    // An unanswered command may still be in progress in a hung instance or link; this long after the last fault it is
    // not.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    // How long a timed poll is open, and how long after a fault it may stay open.
    private static readonly TimeSpan TimedDuration = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimerLimit = TimeSpan.FromSeconds(15);

    public async Task RunAsync(VotingGate gate, CancellationToken cancellationToken)
    {
        for (var turn = random.Next(4); ; turn++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200 + random.Next(500)), cancellationToken);
            await gate.EnterAsync(cancellationToken);
            try
            {
                await ((turn % 4) switch
                {
                    0 => CloseAndOpenAsync(cancellationToken),
                    1 => HideAndShowAsync(cancellationToken),
                    2 => OpenWithTimerAsync(cancellationToken),
                    _ => ResetAndOpenAsync(cancellationToken),
                });
            }
            finally
            {
                gate.Leave();
            }
        }
    }

    private PollHistory Any(Purpose purpose)
    {
        PollHistory[] polls = [.. room.Polls.Where(poll => poll.Purpose == purpose)];
        return polls[random.Next(polls.Length)];
    }

    private async Task CloseAndOpenAsync(CancellationToken cancellationToken)
    {
        var poll = Any(Purpose.Closing);
        await SendAsync(poll, "close", cancellationToken);
        await CheckTallyUnchangedAsync(poll, Stopwatch.GetTimestamp(), cancellationToken);
        await SendAsync(poll, "open", cancellationToken);
    }

    /// <summary>
    /// The timer must close the poll, and not early, even if clocks jump; its tally is hidden until then.
    /// </summary>
    private async Task OpenWithTimerAsync(CancellationToken cancellationToken)
    {
        var poll = Any(Purpose.Timed);
        var before = await StoredAsync(poll, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var wasSentOnce = await SendAsync(
            poll, "open", cancellationToken, new { durationSeconds = (int)TimedDuration.TotalSeconds });
        var opened = Stopwatch.GetTimestamp();
        while ((await StoredAsync(cancellationToken)).States[poll.Id] == "open")
        {
            if (Stopwatch.GetElapsedTime(opened) > TimerLimit && faultFreeFor() > TimerLimit)
            {
                history.Verdicts.Break(
                    Guarantee.G4,
                    $"{poll.Name}: not closed {Stopwatch.GetElapsedTime(opened).TotalSeconds:0} s after it was opened "
                        + $"and {TimerLimit.TotalSeconds:0} s after the last fault.");
                throw new OperationCanceledException();
            }

            await Task.Delay(50, cancellationToken);
        }

        if (Stopwatch.GetElapsedTime(started) < TimedDuration)
        {
            history.Verdicts.Break(
                Guarantee.G4,
                $"{poll.Name}: closed too early, after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s.");
        }

        poll.Answered();
        var after = await CheckTallyUnchangedAsync(poll, Stopwatch.GetTimestamp(), cancellationToken);
        if (wasSentOnce)
        {
            // After a retry the poll may have been closed, and its tally shown, in between.
            poll.WasHidden(before.Version, after.Version);
        }
    }

    private async Task<StoredTally> CheckTallyUnchangedAsync(
        PollHistory poll, long closed, CancellationToken cancellationToken)
    {
        var before = await StoredAsync(poll, cancellationToken);
        await Task.Delay(300 + random.Next(500), cancellationToken);
        var after = await StoredAsync(poll, cancellationToken);
        history.Verdicts.Checked(
            Guarantee.G4,
            poll.Purpose == Purpose.Timed
                ? "polls closed by their timer"
                : "closes after which the stored tally did not change");
        if (!before.Equals(after))
        {
            history.Verdicts.Break(
                Guarantee.G4, $"{poll.Name}: after the acknowledged close the tally changed from {before} to {after}.");
        }

        poll.WasClosed(closed, Stopwatch.GetTimestamp());
        return after;
    }

    private async Task HideAndShowAsync(CancellationToken cancellationToken)
    {
        var poll = Any(Purpose.Toggled);
        await SendAsync(poll, "hide-results", cancellationToken);
        var hidden = await StoredAsync(poll, cancellationToken);
        await Task.Delay(500 + random.Next(1000), cancellationToken);
        var shown = await StoredAsync(poll, cancellationToken);
        poll.WasHidden(hidden.Version, shown.Version);
        await SendAsync(poll, "show-results", cancellationToken);
    }

    private async Task ResetAndOpenAsync(CancellationToken cancellationToken)
    {
        var poll = Any(Purpose.Reset);
        poll.Resetting();
        await SendAsync(poll, "reset", cancellationToken);
        var empty = await StoredAsync(poll, cancellationToken);
        if (!empty.IsEmpty)
        {
            history.Verdicts.Break(Guarantee.G3, $"{poll.Name}: after a reset the tally is {empty}.");
        }

        poll.WasReset(empty.Version);
        history.TallyStored(empty, poll);
        await SendAsync(poll, "open", cancellationToken);
    }

    /// <summary>
    /// Sends a command until it is acknowledged and no earlier attempt can still be in progress; returns whether it was
    /// sent only once.
    /// </summary>
    private async Task<bool> SendAsync(
        PollHistory poll, string command, CancellationToken cancellationToken, object? body = null)
    {
        var started = Stopwatch.GetTimestamp();
        for (var (isCertain, isFirst) = (true, true); ; isFirst = false)
        {
            try
            {
                await http.SendAsync(
                    HttpMethod.Post, $"/api/rooms/{room.Code}/polls/{poll.Id}/{command}", room.HostToken, body,
                    cancellationToken);
                if (isCertain)
                {
                    poll.Answered();
                    return isFirst;
                }

                while (faultFreeFor() < SettleTime)
                {
                    await Task.Delay(100, cancellationToken);
                }

                isCertain = true;
                continue;
            }
            catch (UnansweredException)
            {
                isCertain = false;
            }
            catch (RefusedException refused) when (refused.IsRetryable)
            {
                isCertain &= refused.IsFinal;
            }
            catch (RefusedException refused)
            {
                history.Verdicts.Break(
                    Guarantee.G10,
                    $"The host's {command} of {poll.Name} was refused with a code that is not retryable: "
                        + $"{refused.Message}");
                isCertain = false;
            }

            if (Stopwatch.GetElapsedTime(started) > RetryLimit)
            {
                history.Verdicts.Break(
                    Guarantee.G10, $"The host could not {command} {poll.Name} within {RetryLimit.TotalSeconds:0} s.");
                throw new OperationCanceledException();
            }

            await Task.Delay(150 + random.Next(250), cancellationToken);
        }
    }

    private async Task<StoredTally> StoredAsync(PollHistory poll, CancellationToken cancellationToken) =>
        (await StoredAsync(cancellationToken)).Tallies[poll.Id];

    private async Task<StoredVotes> StoredAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await StoredVotes.ReadAsync(database, room.Id, history, cancellationToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }
}

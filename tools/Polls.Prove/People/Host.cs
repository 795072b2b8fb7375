using System.Diagnostics;
using Npgsql;
using Polls.Prove.Clients;
using Polls.Prove.History;

namespace Polls.Prove.People;

/// <summary>
/// Closes and opens, hides and shows, resets and opens again, opens for a second, over HTTP; repeats each command until it is acknowledged.
/// </summary>
internal sealed class Host(Room room, HttpDoor http, NpgsqlDataSource database, Chronicle chronicle, Func<TimeSpan> quietFor, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    // A command that was not answered may still be on its way inside an instance or a link that hangs: so long after the last fault it has arrived.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    // What a poll is opened for, and how long nothing may be wrong until somebody has closed it.
    private static readonly TimeSpan ShortTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClosingLimit = TimeSpan.FromSeconds(15);

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
                    2 => OpenForAShortTimeAsync(cancellationToken),
                    _ => ResetAndOpenAsync(cancellationToken),
                });
            }
            finally
            {
                gate.Leave();
            }
        }
    }

    private async Task CloseAndOpenAsync(CancellationToken cancellationToken)
    {
        var poll = room.Closing;
        await DoAsync(poll, "close", cancellationToken);
        await StandsStillAsync(poll, Stopwatch.GetTimestamp(), cancellationToken);
        await DoAsync(poll, "open", cancellationToken);
    }

    /// <summary>It has to be closed without anybody's doing, not before its time by whatever clock, and what was hidden until then stays so.</summary>
    private async Task OpenForAShortTimeAsync(CancellationToken cancellationToken)
    {
        var poll = room.Timed;
        var before = await StoredAsync(poll, cancellationToken);
        var begun = Stopwatch.GetTimestamp();
        var isOnce = await DoAsync(poll, "open", cancellationToken, new { durationSeconds = (int)ShortTime.TotalSeconds });
        var opened = Stopwatch.GetTimestamp();
        while ((await StoredAsync(cancellationToken)).States[poll.Id] == "open")
        {
            if (Stopwatch.GetElapsedTime(opened) > ClosingLimit && quietFor() > ClosingLimit)
            {
                chronicle.Verdicts.Break(Guarantee.G4, $"{poll.Name}: nobody has closed it {ClosingLimit.TotalSeconds:0} s after all was well, and {Stopwatch.GetElapsedTime(opened).TotalSeconds:0} s after it was opened.");
                throw new OperationCanceledException();
            }

            await Task.Delay(50, cancellationToken);
        }

        if (Stopwatch.GetElapsedTime(begun) < ShortTime)
        {
            chronicle.Verdicts.Break(Guarantee.G4, $"{poll.Name}: it was closed after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.00} s already.");
        }

        poll.Answered();
        var after = await StandsStillAsync(poll, Stopwatch.GetTimestamp(), cancellationToken);
        if (isOnce)
        {
            // Opened more than once it may have been closed in between, and shown.
            poll.WasHidden(before.Version, after.Version);
        }
    }

    private async Task<SeenTally> StandsStillAsync(PollStory poll, long closed, CancellationToken cancellationToken)
    {
        var before = await StoredAsync(poll, cancellationToken);
        await Task.Delay(300 + random.Next(500), cancellationToken);
        var after = await StoredAsync(poll, cancellationToken);
        chronicle.Verdicts.Checked(Guarantee.G4, poll == room.Timed ? "polls closed by their timer" : "closes after which the stored tally had to stand still");
        if (!before.Says(after))
        {
            chronicle.Verdicts.Break(Guarantee.G4, $"{poll.Name}: after the close was acknowledged the tally went on from {before} to {after}.");
        }

        poll.WasClosed(closed, Stopwatch.GetTimestamp());
        return after;
    }

    private async Task HideAndShowAsync(CancellationToken cancellationToken)
    {
        var poll = room.Toggled;
        await DoAsync(poll, "hide-results", cancellationToken);
        var hidden = await StoredAsync(poll, cancellationToken);
        await Task.Delay(500 + random.Next(1000), cancellationToken);
        var shown = await StoredAsync(poll, cancellationToken);
        poll.WasHidden(hidden.Version, shown.Version);
        await DoAsync(poll, "show-results", cancellationToken);
    }

    private async Task ResetAndOpenAsync(CancellationToken cancellationToken)
    {
        var poll = room.Reset;
        poll.Resetting();
        await DoAsync(poll, "reset", cancellationToken);
        var empty = await StoredAsync(poll, cancellationToken);
        if (empty.Voters != 0 || empty.Counts.Any(count => count != 0))
        {
            chronicle.Verdicts.Break(Guarantee.G3, $"{poll.Name}: after a reset the tally is {empty}.");
        }

        poll.WasReset(empty.Version);
        chronicle.Saw(empty, "PostgreSQL", byParticipant: false);
        await DoAsync(poll, "open", cancellationToken);
    }

    /// <summary>Until it is acknowledged, and nothing of it can still be on its way; says whether once was enough.</summary>
    private async Task<bool> DoAsync(PollStory poll, string command, CancellationToken cancellationToken, object? body = null)
    {
        var started = Stopwatch.GetTimestamp();
        for (var (isClear, isOnce) = (true, true); ; isOnce = false)
        {
            try
            {
                await http.SendAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/polls/{poll.Id}/{command}", room.HostToken, body, cancellationToken);
                if (isClear)
                {
                    poll.Answered();
                    return isOnce;
                }

                while (quietFor() < Settled)
                {
                    await Task.Delay(100, cancellationToken);
                }

                isClear = true;
                continue;
            }
            catch (UnansweredException)
            {
                isClear = false;
            }
            catch (RefusedException refused) when (refused.MayBeRepeated)
            {
                isClear &= refused.IsFinal;
            }
            catch (RefusedException refused)
            {
                chronicle.Verdicts.Break(Guarantee.G10, $"The host's {command} of {poll.Name} was refused with what no repeat is meant to heal: {refused.Message}");
                isClear = false;
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                chronicle.Verdicts.Break(Guarantee.G10, $"The host could not {command} {poll.Name} within {Patience.TotalSeconds:0} s.");
                throw new OperationCanceledException();
            }

            await Task.Delay(150 + random.Next(250), cancellationToken);
        }
    }

    private async Task<SeenTally> StoredAsync(PollStory poll, CancellationToken cancellationToken) => (await StoredAsync(cancellationToken)).Tallies[poll.Id];

    private async Task<StoredVotes> StoredAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await StoredVotes.ReadAsync(database, room.Id, cancellationToken);
            }
            catch (Exception away) when (away is NpgsqlException or TimeoutException or IOException)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }
}

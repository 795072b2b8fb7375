using System.Diagnostics;
using System.Text.Json;
using Polls.Core.Tallies;

namespace Polls.Core.Telemetry;

/// <summary>
/// Every span of the source <c>Polls</c>; <c>docs/tracing.md</c> shows how they hang together. No span says who voted or for
/// what. While nobody listens none of this allocates anything.
/// </summary>
public static class PollsTraces
{
    /// <summary>The name of the source, as listeners select it.</summary>
    public const string SourceName = "Polls";

    /// <summary>The span of a batch. It is started for sampled votes only, so a sampler may take every one.</summary>
    public const string Batch = "votes commit";

    /// <summary>How many of its sampled votes a batch has links to.</summary>
    public const int MostLinks = 128;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A vote, from its place in the queue to its answer; null unless its request is sampled.</summary>
    public static Activity? StartVote(Guid pollId) => Source.StartActivity("vote")?.SetTag(Tags.Poll, pollId.ToString());

    /// <summary>What became of it.</summary>
    public static void Decided(this Activity? vote, VoteOutcome outcome)
    {
        if (vote is null)
        {
            return;
        }

        vote.SetTag("polls.vote.outcome", JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString()));
        if (outcome is VoteOutcome.Busy or VoteOutcome.Unavailable or VoteOutcome.Rejected)
        {
            vote.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>
    /// One attempt to commit these votes, with links to and from the sampled ones: a trace of its own, because it belongs to
    /// none of them more than to another. Null when none is sampled. An error until <see cref="Committed"/>.
    /// </summary>
    /// <param name="votes">The votes of the batch.</param>
    /// <param name="traceOf">The span of a vote, or null.</param>
    public static Activity? StartBatch<T>(IReadOnlyList<T> votes, Func<T, Activity?> traceOf)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var sampled = votes.Select(traceOf).OfType<Activity>().Where(vote => vote.Recorded).Take(MostLinks).ToList();
        var batch = sampled.Count == 0
            ? null
            : Source.StartActivity(Batch, ActivityKind.Internal, default(ActivityContext), links: sampled.Select(vote => new ActivityLink(vote.Context)));
        if (batch is null)
        {
            return null;
        }

        foreach (var vote in sampled)
        {
            vote.AddLink(new ActivityLink(batch.Context));
        }

        return batch.SetTag("polls.batch.size", votes.Count).SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>It is in PostgreSQL.</summary>
    public static void Committed(this Activity? batch) => batch?.SetStatus(ActivityStatusCode.Unset);

    /// <summary>Telling the other instances of a room's tallies; null when none of them is traced.</summary>
    public static Activity? StartPublish(IReadOnlyList<TallyMoved> tallies)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var traced = tallies.Select(moved => Read(moved.Trace)).Where(context => context != default).Distinct().ToList();
        return traced.Count == 0
            ? null
            : Source.StartActivity("tally publish", ActivityKind.Producer, traced[0], links: traced.Skip(1).Select(context => new ActivityLink(context)))
                ?.SetTag("polls.room.id", tallies[0].RoomId.ToString());
    }

    /// <summary>Handing a tally to the connections of its room here.</summary>
    /// <param name="trace">What it came by: a batch of this instance, or the publishing of another one; null when that is not traced.</param>
    /// <param name="tally">The tally.</param>
    public static Activity? StartSend(string? trace, Tally tally) =>
        trace is not null && Source.HasListeners() && Read(trace) is var parent && parent != default
            ? Source.StartActivity("tally send", ActivityKind.Consumer, parent)
                ?.SetTag(Tags.Poll, tally.PollId.ToString()).SetTag("polls.tally.version", tally.Version)
            : null;

    /// <summary>To how many connections.</summary>
    public static void Sent(this Activity? send, int connections) => send?.SetTag("polls.connections", connections);

    private static ActivityContext Read(string? trace) =>
        ActivityContext.TryParse(trace, traceState: null, isRemote: true, out var context) ? context : default;

    private static class Tags
    {
        public const string Poll = "polls.poll.id";
    }
}

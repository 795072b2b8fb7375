using System.Diagnostics;
using System.Text.Json;
using Polls.Core.Tallies;

namespace Polls.Core.Telemetry;

/// <summary>
/// All spans of the source <c>Polls</c>; <c>docs/tracing.md</c> shows their relations. No span contains the voter or
/// the choice. Without a listener, none of this allocates.
/// </summary>
public static class PollsTraces
{
    /// <summary>The name of the source, for listeners.</summary>
    public const string SourceName = "Polls";

    /// <summary>
    /// The span of a batch. Only batches with sampled votes have one, so a sampler can keep all of them.
    /// </summary>
    public const string Batch = "votes commit";

    /// <summary>The maximum number of links from a batch to its sampled votes.</summary>
    public const int MostLinks = 128;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of a vote, from queueing to the answer; null unless its request is sampled.</summary>
    public static Activity? StartVote(Guid pollId) =>
        Source.StartActivity("vote")?.SetTag(Tags.Poll, pollId.ToString());

    /// <summary>Records the outcome of the vote.</summary>
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
    /// Starts the span of one attempt to commit these votes, with links to and from the sampled ones. It is a separate
    /// trace, because it belongs to all of its votes equally. Null if no vote is sampled. Its status is an error until
    /// <see cref="Committed"/>.
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
            : Source.StartActivity(
                Batch,
                ActivityKind.Internal,
                default(ActivityContext),
                links: sampled.Select(vote => new ActivityLink(vote.Context)));
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

    /// <summary>Records that the batch is committed.</summary>
    public static void Committed(this Activity? batch) => batch?.SetStatus(ActivityStatusCode.Unset);

    /// <summary>
    /// Starts the span of publishing a room's tallies to other instances; null if none of them is traced.
    /// </summary>
    public static Activity? StartPublish(IReadOnlyList<TallyMoved> tallies)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var traced = tallies.Select(moved => Read(moved.Trace))
            .Where(context => context != default).Distinct().ToList();
        return traced.Count == 0
            ? null
            : Source.StartActivity(
                "tally publish",
                ActivityKind.Producer,
                traced[0],
                links: traced.Skip(1).Select(context => new ActivityLink(context)))
                ?.SetTag("polls.room.id", tallies[0].RoomId.ToString());
    }

    /// <summary>Starts the span of sending a tally to the connections of its room on this instance.</summary>
    /// <param name="trace">The trace of its batch, or of the publishing instance; null if it is not traced.</param>
    /// <param name="tally">The tally.</param>
    public static Activity? StartSend(string? trace, Tally tally) =>
        trace is not null && Source.HasListeners() && Read(trace) is var parent && parent != default
            ? Source.StartActivity("tally send", ActivityKind.Consumer, parent)
                ?.SetTag(Tags.Poll, tally.PollId.ToString()).SetTag("polls.tally.version", tally.Version)
            : null;

    /// <summary>Records the number of receivers.</summary>
    public static void Sent(this Activity? send, int connections) => send?.SetTag("polls.connections", connections);

    private static ActivityContext Read(string? trace) =>
        ActivityContext.TryParse(trace, traceState: null, isRemote: true, out var context) ? context : default;

    private static class Tags
    {
        public const string Poll = "polls.poll.id";
    }
}

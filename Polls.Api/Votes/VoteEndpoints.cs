using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Sessions;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.RoomPolls;
using Polls.Core.Votes;

namespace Polls.Api.Votes;

/// <summary>Votes over HTTP, for clients without a hub connection; the same vote path.</summary>
public static class VoteEndpoints
{
    /// <summary>Maps <c>/api/rooms/{code}/polls/{pollId}/vote</c>.</summary>
    public static IEndpointRouteBuilder MapVotes(this IEndpointRouteBuilder routes)
    {
        var vote = routes.MapGroup("/api/rooms/{code}/polls/{pollId}/vote").WithTags("Votes")
            .OnlyFor(Role.Participant).Limited(RateClass.Vote);
        vote.MapPut("/", CastAsync)
            .WithName("castVote").WithSummary("Casts or changes the caller's vote. Responds when it is committed.");
        vote.MapDelete("/", WithdrawAsync).WithName("withdrawVote").WithSummary("Withdraws the caller's vote.");
        return routes;
    }

    private static async Task<Results<Ok<VoteReceipt>, ProblemHttpResult>> CastAsync(
        Guid pollId, VoteRequest body, Caller caller, BallotBox ballots, SessionJournal sessions, HttpContext http,
        CancellationToken cancellationToken) => Answer(
            await ballots.CastAsync(
                caller.Voter!.Value, pollId, body, body.Revision ?? -1, body.Edition, cancellationToken),
            caller, sessions, http);

    private static async Task<Results<Ok<VoteReceipt>, ProblemHttpResult>> WithdrawAsync(
        Guid pollId, string? revision, Caller caller, BallotBox ballots, SessionJournal sessions, HttpContext http,
        CancellationToken cancellationToken)
    {
        var number = int.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? given
            : -1;
        return Answer(
            await ballots.WithdrawAsync(caller.Voter!.Value, pollId, number, cancellationToken),
            caller, sessions, http);
    }

    private static Results<Ok<VoteReceipt>, ProblemHttpResult> Answer(
        Outcome<VoteReceipt> outcome, Caller caller, SessionJournal sessions, HttpContext http)
    {
        if (!outcome.Succeeded(out var receipt, out var refusal))
        {
            return refusal.ToProblem(http);
        }

        sessions.Voted(caller, receipt);
        return TypedResults.Ok(receipt);
    }
}

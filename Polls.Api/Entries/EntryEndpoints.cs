using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.RoomPolls;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;

namespace Polls.Api.Entries;

/// <summary>Entries of polls: pages of all of them, and hosts' commands on them.</summary>
public static class EntryEndpoints
{
    private const int UsualOnPage = 50;

    private static readonly Refusal BadPage = Refusals.Invalid(
        "request.malformed",
        "sort must be top, new, answered, pending, hidden, archived or merged; "
            + $"limit 1 to {EntryPages.MostOnPage}; after the next of the page before.");

    /// <summary>Maps <c>/api/rooms/{code}/polls/{pollId}/entries</c>.</summary>
    public static IEndpointRouteBuilder MapEntries(this IEndpointRouteBuilder routes)
    {
        var entries = routes.MapGroup("/api/rooms/{code}/polls/{pollId}/entries").WithTags("Entries");
        entries.MapGet("/", ReadAsync).WithName("readEntries").WithSummary("Entries of a poll, page by page.")
            .OnlyFor(Role.Participant, Role.Screen, Role.Host).Limited(RateClass.Read);
        var commands = entries.MapGroup("").OnlyFor(Role.Host).Limited(RateClass.Host);
        commands.MapPost("/{n}/hide", HideAsync)
            .WithName("hideEntry").WithSummary("Hides an entry; its votes stay.");
        commands.MapPost("/{n}/show", ShowAsync)
            .WithName("showEntry").WithSummary("Shows an entry that is hidden or waits.");
        commands.MapPost("/{n}/merge", MergeAsync)
            .WithName("mergeEntry").WithSummary("Counts an entry with another one, each person once.");
        commands.MapPost("/{n}/split", SplitAsync)
            .WithName("splitEntry").WithSummary("Undoes a merge.");
        commands.MapPost("/actions", ActAsync)
            .WithName("changeEntries").WithSummary("Shows or hides several entries: all or none.");
        return routes;
    }

    private static async Task<Results<Ok<EntryPage>, StatusCodeHttpResult, ProblemHttpResult>> ReadAsync(
        Guid pollId, string? sort, string? after, string? limit, Caller caller, RoomReader rooms, EntryPages pages,
        HttpContext http, CancellationToken cancellationToken)
    {
        if (await rooms.FindPollAsync(pollId, cancellationToken) is not { } poll || poll.RoomId != caller.RoomId
            || !caller.Role.MaySee(poll))
        {
            return Refusals.PollNotFound.ToProblem(http);
        }

        if (poll.Entries != EntrySummary.Head)
        {
            return Refusals.PollNoEntries.ToProblem(http);
        }

        var items = UsualOnPage;
        if (!Enum.TryParse<EntrySort>(sort ?? "top", ignoreCase: true, out var order) || !Enum.IsDefined(order)
            || int.TryParse(sort, out _)
            || (limit is not null && !int.TryParse(limit, out items)) || items is < 1 or > EntryPages.MostOnPage)
        {
            return BadPage.ToProblem(http);
        }

        if (caller.Role != Role.Host && order is not (EntrySort.Top or EntrySort.New or EntrySort.Answered))
        {
            return RoomAccess.WrongRole.ToProblem(http);
        }

        if (await pages.ReadAsync(pollId, order, after, items, cancellationToken) is not { } page)
        {
            return BadPage.ToProblem(http);
        }

        // Read after the page: a page of a result that is hidden meanwhile is not sent.
        if (await rooms.FindPollAsync(pollId, cancellationToken) is not { } now)
        {
            return Refusals.PollNotFound.ToProblem(http);
        }

        var hasAnswered = now.DependsOnAnswer && caller.ParticipantId is { } voter
            && await rooms.HasAnsweredAsync(pollId, voter, cancellationToken);
        if (!caller.Role.MaySeeTally(now, hasAnswered))
        {
            return Refusals.ResultsHidden.ToProblem(http);
        }

        http.Response.Headers.CacheControl = "private, no-cache";
        return http.IsKnown(new EntityTagHeaderValue(IfMatch.Tag(page.Version)))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(page);
    }

    private static Task<Results<Ok<EntryChanged>, ProblemHttpResult>> HideAsync(
        Guid pollId, int n, Caller caller, EntryCommands entries, HttpContext http,
        CancellationToken cancellationToken) => AnswerAsync(
            entries.As(caller.Actor).ShowAsync(caller.RoomId, pollId, [n], false, cancellationToken), n, http);

    private static Task<Results<Ok<EntryChanged>, ProblemHttpResult>> ShowAsync(
        Guid pollId, int n, Caller caller, EntryCommands entries, HttpContext http,
        CancellationToken cancellationToken) => AnswerAsync(
            entries.As(caller.Actor).ShowAsync(caller.RoomId, pollId, [n], true, cancellationToken), n, http);

    private static Task<Results<Ok<EntryChanged>, ProblemHttpResult>> MergeAsync(
        Guid pollId, int n, MergeTarget body, Caller caller, EntryCommands entries, HttpContext http,
        CancellationToken cancellationToken) => AnswerAsync(
            entries.As(caller.Actor).MergeAsync(caller.RoomId, pollId, n, body.Into ?? 0, cancellationToken), n, http);

    private static Task<Results<Ok<EntryChanged>, ProblemHttpResult>> SplitAsync(
        Guid pollId, int n, Caller caller, EntryCommands entries, HttpContext http,
        CancellationToken cancellationToken) => AnswerAsync(
            entries.As(caller.Actor).SplitAsync(caller.RoomId, pollId, n, cancellationToken), n, http);

    private static async Task<Results<Ok<EntriesActed>, ProblemHttpResult>> ActAsync(
        Guid pollId, EntryAction body, Caller caller, EntryCommands entries, HttpContext http,
        CancellationToken cancellationToken)
    {
        if (body.Action is not ("show" or "hide"))
        {
            return Refusals.Invalid("request.malformed", "action must be show or hide.").ToProblem(http);
        }

        return (await entries.As(caller.Actor).ShowAsync(
            caller.RoomId, pollId, body.Entries, body.Action == "show", cancellationToken))
            .Succeeded(out var changed, out var refusal)
            ? TypedResults.Ok(new EntriesActed(pollId, body.Entries!, changed.TallyVersion))
            : refusal.ToProblem(http);
    }

    private static async Task<Results<Ok<EntryChanged>, ProblemHttpResult>> AnswerAsync(
        Task<Outcome<EntriesChanged>> command, int n, HttpContext http) =>
        (await command).Succeeded(out var changed, out var refusal)
            ? TypedResults.Ok(new EntryChanged(changed.PollId, n, changed.State, changed.TallyVersion))
            : refusal.ToProblem(http);
}

/// <summary>Where an entry is counted from now on.</summary>
/// <param name="Into">The number of the other entry.</param>
public sealed record MergeTarget(int? Into);

/// <summary>A command on several entries.</summary>
/// <param name="Action"><c>show</c> or <c>hide</c>.</param>
/// <param name="Entries">Their numbers, 1 to 100 of them.</param>
public sealed record EntryAction(string? Action, IReadOnlyList<int>? Entries);

/// <summary>An entry after a command.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="N">The entry's number.</param>
/// <param name="State">Who may see it now; <c>merged</c> if it is counted with another one.</param>
/// <param name="TallyVersion">The first version of the tally that contains the command.</param>
public sealed record EntryChanged(Guid PollId, int N, EntryVisibility State, long TallyVersion);

/// <summary>A command on several entries was carried out.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="Entries">The entries' numbers.</param>
/// <param name="TallyVersion">The first version of the tally that contains the command.</param>
public sealed record EntriesActed(Guid PollId, IReadOnlyList<int> Entries, long TallyVersion);

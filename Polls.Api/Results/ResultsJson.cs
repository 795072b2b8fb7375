using System.Runtime.CompilerServices;
using System.Text.Json;
using Polls.Api.Http;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;

namespace Polls.Api.Results;

/// <summary>Results as JSON: a <see cref="RoomResults"/>, written vote by vote.</summary>
internal static class ResultsJson
{
    /// <summary>Writes a room at one moment.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="room">The room.</param>
    /// <param name="source">Its polls.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static Task WriteAsync(
        Stream to, ExportedRoom room, ExportSource source, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeAsync(
            to,
            new StreamedRoom(
                room.Code, room.Title, room.State, room.ExportedAt, PollsOf(source, cancellationToken), room.Audit,
                room.Discards),
            Json.Options, cancellationToken);

    private static async IAsyncEnumerable<StreamedPoll> PollsOf(
        ExportSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var poll in source.Polls)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(
                poll.Poll, source.VotesOf(poll), poll.ListsEntries ? await source.EntriesAsync(poll) : null);
        }
    }

    /// <summary>The members of <see cref="RoomResults"/>.</summary>
    private sealed record StreamedRoom(
        string Code, string Title, RoomStatus State, DateTimeOffset ExportedAt, IAsyncEnumerable<StreamedPoll> Polls,
        IReadOnlyList<ExportedAction> Audit, IReadOnlyList<Discard> Discards);

    /// <summary>The members of <see cref="PollResults"/>.</summary>
    private sealed record StreamedPoll(
        PollView Poll, IAsyncEnumerable<ExportedVote> Votes, IReadOnlyList<ListedEntry>? Entries);
}

/// <summary>What <see cref="RoomResults"/> has besides polls.</summary>
internal sealed record ExportedRoom(
    string Code, string Title, RoomStatus State, DateTimeOffset ExportedAt, IReadOnlyList<ExportedAction> Audit,
    IReadOnlyList<Discard> Discards)
{
    /// <summary>Reads a room at one moment.</summary>
    public static async Task<ExportedRoom> OfAsync(
        ResultsMoment moment, DateTimeOffset at, CancellationToken cancellationToken) =>
        new(
            moment.Truth.Room.Code, moment.Truth.Room.Title, moment.Truth.Room.State, at,
            [.. (await moment.AuditAsync(cancellationToken))
                .Select(row => new ExportedAction(row.At, row.Who, row.What, row.PollId))],
            [.. (await moment.DiscardsAsync(cancellationToken)).Select(Discard.Of)]);
}

using Polls.Core.Rooms;
using Polls.Core.Tallies;

namespace Polls.Api.Results;

/// <summary>What an export reads, one poll after the other, so that it never has all of a room in memory.</summary>
/// <param name="Polls">The polls, without votes and entries.</param>
/// <param name="EntriesAsync">Reads the entries of a poll.</param>
/// <param name="VotesOf">Reads the votes of a poll, row by row.</param>
internal sealed record ExportSource(
    IReadOnlyList<PollResults> Polls, Func<PollResults, Task<IReadOnlyList<ListedEntry>>> EntriesAsync,
    Func<PollResults, IAsyncEnumerable<ExportedVote>> VotesOf)
{
    /// <summary>A room at one moment. What is read first must be read to its end before the next.</summary>
    public static ExportSource Of(ResultsMoment moment, CancellationToken cancellationToken)
    {
        var polls = moment.Truth.Room.Polls.ToDictionary(poll => poll.Id);
        return new(
            [.. moment.Truth.Room.Polls.Select(poll => PollResults.Of(moment, poll))],
            result => moment.EntriesAsync(polls[result.Poll.Id], cancellationToken),
            result => ExportedVote.AllAsync(moment, polls[result.Poll.Id], cancellationToken));
    }
}

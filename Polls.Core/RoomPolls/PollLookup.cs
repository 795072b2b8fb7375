using Microsoft.Extensions.Caching.Memory;
using Polls.Core.Rooms;

namespace Polls.Core.RoomPolls;

/// <summary>
/// Cache of polls, for checking the shape of votes without a database read per vote. It may be out of date: the commit
/// decides whether a poll is open and still the same edition.
/// </summary>
public sealed class PollLookup(RoomReader rooms) : IDisposable
{
    private readonly MemoryCache polls = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    /// <summary>The cached poll, read from the database if it is not cached; null if it does not exist.</summary>
    public async ValueTask<PollSnapshot?> FindAsync(Guid pollId, CancellationToken cancellationToken)
    {
        if (polls.TryGetValue(pollId, out PollSnapshot? known))
        {
            return known;
        }

        var poll = await rooms.FindPollAsync(pollId, cancellationToken);
        if (poll is not null)
        {
            Learn(poll);
        }

        return poll;
    }

    /// <summary>Caches this poll unless a newer version is cached.</summary>
    public void Learn(PollSnapshot poll)
    {
        if (!polls.TryGetValue(poll.Id, out PollSnapshot? known) || known!.Version < poll.Version)
        {
            polls.Set(
                poll.Id, poll, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(10) });
        }
    }

    /// <summary>Removes a poll that turned out to be out of date.</summary>
    public void Forget(Guid pollId) => polls.Remove(pollId);

    /// <summary>Removes all polls: versions and editions may have gone back.</summary>
    public void Clear() => polls.Clear();

    /// <inheritdoc />
    public void Dispose() => polls.Dispose();
}

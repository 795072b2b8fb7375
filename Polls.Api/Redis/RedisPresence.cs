using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Polls.Api.Instance;
using Polls.Api.Presence;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>
/// Presence in Redis. Keeps the last known counts of other instances for the time when Redis is unavailable or takes
/// no reports.
/// </summary>
public sealed class RedisPresence(RedisConnection connection, IOptions<InstanceOptions> instance) : IPresence
{
    private const int MostRoomsRemembered = 10_000;

    private static readonly RedisValue Lease = (long)IPresence.Lease.TotalMilliseconds;

    private readonly RedisValue instanceId = instance.Value.Id;
    private readonly ConcurrentDictionary<Guid, int> others = new();
    private readonly ConcurrentDictionary<Guid, int> own = new();

    /// <inheritdoc />
    public async Task<IReadOnlyList<int>> ReportAsync(
        IReadOnlyList<RoomCount> counts, CancellationToken cancellationToken)
    {
        if (counts.Count == 0) return [];
        foreach (var count in counts)
        {
            if (count.Participants > 0) own[count.RoomId] = count.Participants;
            else own.TryRemove(count.RoomId, out _);
        }

        var reply = await connection.CallAsync(
            database => Task.WhenAll([.. counts.Select(count => ReportAsync(database, count))]), cancellationToken);
        if (reply.Value is not { } totals)
            return [.. counts.Select(count => count.Participants + others.GetValueOrDefault(count.RoomId))];

        for (var i = 0; i < totals.Length; i++) Remember(counts[i].RoomId, totals[i] - counts[i].Participants);
        return totals;
    }

    /// <inheritdoc />
    public async Task<int> CountAsync(Guid roomId, CancellationToken cancellationToken)
    {
        var reply = await connection.CallAsync(
            async database =>
                (int)await RedisScripts.CountPresence.RunAsync(database, RedisKeys.Presence(roomId), Lease)
                    .ConfigureAwait(false),
            cancellationToken);
        var here = own.GetValueOrDefault(roomId);
        if (!reply.Answered || connection.RefusesWrites) return here + others.GetValueOrDefault(roomId);
        Remember(roomId, reply.Value - here);
        return reply.Value;
    }

    /// <inheritdoc />
    public async Task<bool> ReportsAsync(Guid roomId, string instanceId, CancellationToken cancellationToken)
    {
        // Instances that report the room remove the stale reports of others.
        var reply = await connection.CallAsync(
            database => database.HashExistsAsync(RedisKeys.Presence(roomId), instanceId), cancellationToken);
        return !reply.Answered || reply.Value;
    }

    private async Task<int> ReportAsync(IDatabase database, RoomCount count) =>
        (int)await RedisScripts.ReportPresence.RunAsync(
            database, RedisKeys.Presence(count.RoomId), Lease, instanceId, Math.Max(0, count.Participants))
            .ConfigureAwait(false);

    // The fallback must not use much memory. Clearing it only lowers the count while Redis is unavailable.
    private void Remember(Guid roomId, int participants)
    {
        if (participants <= 0)
        {
            others.TryRemove(roomId, out _);
            return;
        }

        if (others.Count >= MostRoomsRemembered && !others.ContainsKey(roomId)) others.Clear();
        others[roomId] = participants;
    }
}

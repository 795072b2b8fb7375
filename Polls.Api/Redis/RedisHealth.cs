using Polls.Api.Backplane;

namespace Polls.Api.Redis;

/// <summary>What health reports of Redis; costs nothing to ask for and names no address and no secret.</summary>
/// <param name="State">Whether Redis answers and delivers messages.</param>
/// <param name="LastError">The latest failure in a few words; null when there was none.</param>
/// <param name="LastErrorAt">When that was.</param>
/// <param name="Reconnects">Connections made after the first.</param>
/// <param name="Resyncs">Times that messages may have been missed.</param>
public sealed record RedisHealth(
    BackplaneState State, string? LastError, DateTimeOffset? LastErrorAt, long Reconnects, long Resyncs);

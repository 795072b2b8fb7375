namespace Polls.Api.Redis;

/// <summary>
/// The result of a call: an answer, or none because Redis is unavailable, too slow or refused the call.
/// </summary>
internal readonly record struct RedisReply<T>(bool Answered, T? Value);

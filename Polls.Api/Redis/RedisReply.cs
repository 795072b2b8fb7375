namespace Polls.Api.Redis;

/// <summary>What a call came to: an answer, or none because Redis is away, too slow or refused it.</summary>
internal readonly record struct RedisReply<T>(bool Answered, T? Value);

namespace Polls.Api.Redis;

/// <summary>All scripts of Polls. The headers of the files in Scripts/ document parameters and results.</summary>
internal static class RedisScripts
{
    public static readonly RedisScript OpenSession = RedisScript.Load("newest-vote", "session-open");
    public static readonly RedisScript TouchSession = RedisScript.Load("newest-vote", "session-touch");
    public static readonly RedisScript CloseSession = RedisScript.Load("session-close");
    public static readonly RedisScript ReportPresence = RedisScript.Load("living-reports", "presence-report");
    public static readonly RedisScript CountPresence = RedisScript.Load("living-reports", "presence-count");
    public static readonly RedisScript RateLimit = RedisScript.Load("rate-limit");
}

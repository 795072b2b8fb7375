namespace Polls.Prove.Faults;

/// <summary>All that production does to the product, as far as it can be done here.</summary>
internal static class FaultKinds
{
    public static FaultKind InstanceKilled { get; } = new("instance-killed", breaker => breaker.KillInstance());

    public static FaultKind InstanceFrozen { get; } = new("instance-frozen", breaker => breaker.FreezeInstance());

    public static FaultKind RollingRestart { get; } = new("rolling-restart", breaker => breaker.RestartAllInTurn());

    public static FaultKind ClockJumped { get; } = new("clock-jumped", breaker => breaker.JumpClock());

    public static FaultKind RedisKilled { get; } = new("redis-killed", breaker => breaker.KillRedis(withData: false));

    public static FaultKind RedisLost { get; } = new("redis-lost", breaker => breaker.KillRedis(withData: true));

    public static FaultKind RedisFrozen { get; } = new("redis-frozen", breaker => breaker.FreezeRedis());

    public static FaultKind RedisFlushed { get; } = new("redis-flushed", breaker => breaker.TellRedis("FLUSHALL"));

    public static FaultKind BackplaneDropped { get; } = new("backplane-dropped", breaker => breaker.TellRedis("CLIENT KILL TYPE pubsub"));

    public static FaultKind PostgresKilled { get; } = new("postgres-killed", breaker => breaker.KillPostgres());

    public static FaultKind PostgresFrozen { get; } = new("postgres-frozen", breaker => breaker.FreezePostgres());

    public static FaultKind SlowFlush { get; } = new("slow-flush", breaker => breaker.SlowFlush());

    public static FaultKind SlowFlushThenInstanceKilled { get; } =
        new("slow-flush-then-instance-killed", breaker => breaker.SlowFlushThenKillInstance());

    public static FaultKind SlowFlushThenPostgresKilled { get; } =
        new("slow-flush-then-postgres-killed", breaker => breaker.SlowFlushThenKillPostgres());

    public static FaultKind NginxKilled { get; } = new("nginx-killed", breaker => breaker.KillNginx());

    public static FaultKind NginxFrozen { get; } = new("nginx-frozen", breaker => breaker.FreezeNginx());

    public static FaultKind RedisLinkCut { get; } = new("redis-link-cut", breaker => breaker.BreakLink(toRedis: true, "cut", link => link.Cut()));

    public static FaultKind RedisLinkStalled { get; } = new("redis-link-stalled", breaker => breaker.BreakLink(toRedis: true, "stalled", link => link.Stall()));

    public static FaultKind RedisLinkSlow { get; } = new("redis-link-slow", breaker => breaker.SlowLink(toRedis: true));

    public static FaultKind PostgresLinkCut { get; } = new("postgres-link-cut", breaker => breaker.BreakLink(toRedis: false, "cut", link => link.Cut()));

    public static FaultKind PostgresLinkStalled { get; } =
        new("postgres-link-stalled", breaker => breaker.BreakLink(toRedis: false, "stalled", link => link.Stall()));

    public static FaultKind PostgresLinkSlow { get; } = new("postgres-link-slow", breaker => breaker.SlowLink(toRedis: false));

    public static FaultKind EverybodyReconnects { get; } = new("everybody-reconnects", breaker => breaker.DropClients());

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        InstanceKilled, InstanceFrozen, RollingRestart, ClockJumped, RedisKilled, RedisLost, RedisFrozen, RedisFlushed, BackplaneDropped, PostgresKilled,
        PostgresFrozen, SlowFlush, SlowFlushThenInstanceKilled, SlowFlushThenPostgresKilled, NginxKilled, NginxFrozen, RedisLinkCut, RedisLinkStalled, RedisLinkSlow, PostgresLinkCut,
        PostgresLinkStalled, PostgresLinkSlow, EverybodyReconnects,
    ];
}

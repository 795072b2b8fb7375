namespace Polls.Prove.Faults;

/// <summary>All kinds of faults.</summary>
internal static class FaultKinds
{
    public static FaultKind InstanceKilled { get; } = new("instance-killed", factory => factory.KillInstance());

    public static FaultKind InstanceFrozen { get; } = new("instance-frozen", factory => factory.FreezeInstance());

    public static FaultKind RollingRestart { get; } = new("rolling-restart", factory => factory.RestartAllInTurn());

    public static FaultKind ClockJumped { get; } = new("clock-jumped", factory => factory.JumpClock());

    public static FaultKind RedisKilled { get; } = new("redis-killed", factory => factory.KillRedis(withData: false));

    public static FaultKind RedisLost { get; } = new("redis-lost", factory => factory.KillRedis(withData: true));

    public static FaultKind RedisFrozen { get; } = new("redis-frozen", factory => factory.FreezeRedis());

    public static FaultKind RedisFull { get; } = new("redis-full", factory => factory.FillRedis());

    public static FaultKind RedisFlushed { get; } = new(
        "redis-flushed", factory => factory.SendRedisCommand("FLUSHALL"));

    public static FaultKind BackplaneDropped { get; } = new(
        "backplane-dropped", factory => factory.SendRedisCommand("CLIENT KILL TYPE pubsub"));

    public static FaultKind PostgresKilled { get; } = new("postgres-killed", factory => factory.KillPostgres());

    public static FaultKind PostgresFrozen { get; } = new("postgres-frozen", factory => factory.FreezePostgres());

    public static FaultKind PostgresReadOnly { get; } = new("postgres-read-only", factory => factory.RefuseWrites());

    public static FaultKind SlowFlush { get; } = new("slow-flush", factory => factory.SlowFlush());

    public static FaultKind SlowFlushThenInstanceKilled { get; } =
        new("slow-flush-then-instance-killed", factory => factory.SlowFlushThenKillInstance());

    public static FaultKind SlowFlushThenPostgresKilled { get; } =
        new("slow-flush-then-postgres-killed", factory => factory.SlowFlushThenKillPostgres());

    public static FaultKind NginxKilled { get; } = new("nginx-killed", factory => factory.KillNginx());

    public static FaultKind NginxFrozen { get; } = new("nginx-frozen", factory => factory.FreezeNginx());

    public static FaultKind RedisLinkCut { get; } = new(
        "redis-link-cut", factory => factory.BreakLink(toRedis: true, "cut", link => link.Cut()));

    public static FaultKind RedisLinkStalled { get; } = new(
        "redis-link-stalled", factory => factory.BreakLink(toRedis: true, "stalled", link => link.Stall()));

    public static FaultKind RedisLinkSlow { get; } = new("redis-link-slow", factory => factory.SlowLink(toRedis: true));

    public static FaultKind PostgresLinkCut { get; } = new(
        "postgres-link-cut", factory => factory.BreakLink(toRedis: false, "cut", link => link.Cut()));

    public static FaultKind PostgresLinkStalled { get; } =
        new("postgres-link-stalled", factory => factory.BreakLink(toRedis: false, "stalled", link => link.Stall()));

    public static FaultKind PostgresLinkSlow { get; } = new(
        "postgres-link-slow", factory => factory.SlowLink(toRedis: false));

    public static FaultKind EverybodyReconnects { get; } = new(
        "everybody-reconnects", factory => factory.DropClients());

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        InstanceKilled, InstanceFrozen, RollingRestart, ClockJumped, RedisKilled, RedisLost, RedisFrozen, RedisFull,
        RedisFlushed, BackplaneDropped, PostgresKilled, PostgresFrozen, PostgresReadOnly, SlowFlush,
        SlowFlushThenInstanceKilled, SlowFlushThenPostgresKilled, NginxKilled, NginxFrozen, RedisLinkCut,
        RedisLinkStalled, RedisLinkSlow, PostgresLinkCut, PostgresLinkStalled, PostgresLinkSlow, EverybodyReconnects,
    ];
}

using Polls.AppHost;
using Polls.Prove.Checks;
using Polls.Prove.People;

namespace Polls.Prove.Faults;

/// <summary>Makes the faults of one run; whom they hit is drawn from the seed.</summary>
internal sealed class Breaker(Arena arena, Crowd crowd, Watch watch, Random random)
{
    private IReadOnlyList<ApiInstance> Instances => arena.Cluster.Instances;

    private RedisServer Redis => arena.Cluster.Redis!;

    private PostgresServer Postgres => arena.Cluster.Postgres;

    private NginxServer Nginx => arena.Cluster.Nginx!;

    public Fault KillInstance()
    {
        var instance = AnyInstance();
        return new($"kill -9 {instance.Name}", Victim.Instance, Between(0.5, 3))
        {
            StrikeAsync = instance.KillAsync, HealAsync = instance.StartAsync,
        };
    }

    public Fault FreezeInstance()
    {
        var instance = AnyInstance();
        return new($"SIGSTOP {instance.Name}", Victim.Instance, Between(1, 6)) { StrikeAsync = Now(instance.Suspend), HealAsync = Now(instance.Resume) };
    }

    public Fault RestartAllInTurn() => new("SIGTERM every instance in turn", Victim.Instance, TimeSpan.Zero)
    {
        StrikeAsync = async token =>
        {
            foreach (var instance in Instances)
            {
                await watch.StopAsync(instance, token);
                await instance.StartAsync(token);
            }
        },
    };

    public Fault JumpClock()
    {
        var index = random.Next(Instances.Count);
        var wrong = TimeSpan.FromSeconds(random.Next(60, 6 * 3600)) * (random.Next(2) == 0 ? 1 : -1);
        return new($"clock of {Instances[index].Name} {wrong.Duration():h\\:mm\\:ss} {(wrong > TimeSpan.Zero ? "forward" : "back")}", Victim.Instance, Between(3, 6))
        {
            StrikeAsync = token => arena.SetClockAsync(index, wrong, token), HealAsync = token => arena.SetClockAsync(index, TimeSpan.Zero, token),
        };
    }

    public Fault KillRedis(bool withData) => new(withData ? "kill -9 redis, its data gone" : "kill -9 redis, its data kept", Victim.Redis, Between(3, 5))
    {
        StrikeAsync = async token =>
        {
            await Redis.KillAsync(token);
            if (withData)
            {
                Directory.Delete(Path.Combine(arena.Cluster.DataDirectory, "redis"), recursive: true);
            }
        },
        WatchAsync = watch.WithoutRedisAsync,
        HealAsync = Redis.StartAsync,
        RecoveredAsync = token => watch.HealthyAsync(Guarantee.G8, "Redis", token),
    };

    public Fault FreezeRedis() => new("SIGSTOP redis", Victim.Redis, Between(4, 6))
    {
        StrikeAsync = Now(Redis.Suspend),
        WatchAsync = watch.WithoutRedisAsync,
        HealAsync = Now(Redis.Resume),
        RecoveredAsync = token => watch.HealthyAsync(Guarantee.G8, "Redis", token),
    };

    public Fault TellRedis(string command) => new($"redis {command}", Victim.Redis, TimeSpan.Zero) { StrikeAsync = token => arena.TellRedisAsync(command, token) };

    public Fault KillPostgres()
    {
        var away = new Outage(watch);
        return new("kill -9 postgres", Victim.Postgres, Between(0.5, 4))
        {
            StrikeAsync = async token =>
            {
                await Postgres.KillAsync(token);
                away.Begins();
            },
            WatchAsync = watch.WithoutPostgresAsync,
            HealAsync = async token =>
            {
                away.Ends();
                await Postgres.StartAsync(token);
                await watch.LookAsync(token);
            },
            RecoveredAsync = token => watch.HealthyAsync(Guarantee.G9, "PostgreSQL", token),
        };
    }

    public Fault FreezePostgres()
    {
        var away = new Outage(watch);
        return new("SIGSTOP postgres", Victim.Postgres, Between(1, 5))
        {
            StrikeAsync = _ =>
            {
                Postgres.Suspend();
                away.Begins();
                return Task.CompletedTask;
            },
            HealAsync = Now(() =>
            {
                away.Ends();
                Postgres.Resume();
            }),
            RecoveredAsync = token => watch.HealthyAsync(Guarantee.G9, "PostgreSQL", token),
        };
    }

    public Fault SlowFlush() => new("every flush of postgres takes 100 ms more", Victim.Postgres, Between(2, 4))
    {
        StrikeAsync = token => FlushSlowlyAsync(isSlow: true, token), HealAsync = token => FlushSlowlyAsync(isSlow: false, token),
    };

    public Fault SlowFlushThenKillInstance()
    {
        var instance = AnyInstance();
        return new($"slow flushes, and kill -9 {instance.Name} among them", Victim.Postgres | Victim.Instance, Between(0.5, 1.5))
        {
            StrikeAsync = async token =>
            {
                await FlushSlowlyAsync(isSlow: true, token);
                await Task.Delay(700, token);
                await instance.KillAsync(token);
            },
            HealAsync = async token =>
            {
                await FlushSlowlyAsync(isSlow: false, token);
                await instance.StartAsync(token);
            },
        };
    }

    public Fault SlowFlushThenKillPostgres()
    {
        var away = new Outage(watch);
        // Longer than an instance goes on trying: what was not committed stays so.
        return new("slow flushes, and kill -9 postgres among them", Victim.Postgres, Between(2.5, 4))
        {
            StrikeAsync = async token =>
            {
                await FlushSlowlyAsync(isSlow: true, token);
                await Task.Delay(700, token);
                await Postgres.KillAsync(token);
                away.Begins();
            },
            HealAsync = async token =>
            {
                away.Ends();
                await Postgres.StartAsync(token);
                await watch.LookAsync(token);
                await FlushSlowlyAsync(isSlow: false, token);
            },
            RecoveredAsync = token => watch.HealthyAsync(Guarantee.G9, "PostgreSQL", token),
        };
    }

    public Fault KillNginx() => new("kill -9 nginx", Victim.Nginx, Between(0.2, 2)) { StrikeAsync = Nginx.KillAsync, HealAsync = Nginx.StartAsync };

    public Fault FreezeNginx() => new("SIGSTOP nginx", Victim.Nginx, Between(1, 4)) { StrikeAsync = Now(Nginx.Suspend), HealAsync = Now(Nginx.Resume) };

    public Fault BreakLink(bool toRedis, string what, Action<FaultyLink> strike)
    {
        var (link, name, hits) = AnyLink(toRedis);
        return new($"link {name} {what}", hits, Between(1, 6)) { StrikeAsync = Now(() => strike(link)), HealAsync = Now(link.Mend) };
    }

    public Fault SlowLink(bool toRedis)
    {
        var delay = TimeSpan.FromMilliseconds(random.Next(20, 150));
        return BreakLink(toRedis, $"{delay.TotalMilliseconds:0} ms late each way", link => link.Delay = delay);
    }

    public Fault DropClients() => new("every client loses its connection", Victim.Clients, TimeSpan.Zero) { StrikeAsync = Now(crowd.DropAll) };

    private async Task FlushSlowlyAsync(bool isSlow, CancellationToken cancellationToken)
    {
        // Delays every commit, no matter how many others are under way.
        await Postgres.ExecuteAsync($"ALTER SYSTEM SET commit_delay = {(isSlow ? 100_000 : 0)}", "postgres", cancellationToken);
        await Postgres.ExecuteAsync("ALTER SYSTEM SET commit_siblings = 0", "postgres", cancellationToken);
        await Postgres.ExecuteAsync("SELECT pg_reload_conf()", "postgres", cancellationToken);
    }

    private ApiInstance AnyInstance() => Instances[random.Next(Instances.Count)];

    private (FaultyLink Link, string Name, Victim Hits) AnyLink(bool toRedis)
    {
        var index = random.Next(Instances.Count);
        var (postgres, redis) = arena.Links[index];
        return toRedis
            ? (redis, $"{Instances[index].Name}-redis", Victim.Redis)
            : (postgres, $"{Instances[index].Name}-postgres", Victim.Postgres);
    }

    private TimeSpan Between(double least, double most) => TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least)));

    private static Func<CancellationToken, Task> Now(Action action) => _ =>
    {
        action();
        return Task.CompletedTask;
    };
}

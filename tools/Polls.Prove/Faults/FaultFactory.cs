using Polls.AppHost;
using Polls.Prove.Checks;
using Polls.Prove.People;

namespace Polls.Prove.Faults;

/// <summary>Creates the faults of one run; targets and parameters are drawn at random from the seed.</summary>
internal sealed class FaultFactory(ProofCluster cluster, Crowd crowd, FaultChecks checks, Random random)
{
    private IReadOnlyList<ApiInstance> Instances => cluster.Local.Instances;

    private RedisServer Redis => cluster.Local.Redis!;

    private PostgresServer Postgres => cluster.Local.Postgres;

    private NginxServer Nginx => cluster.Local.Nginx!;

    public Fault KillInstance()
    {
        var instance = AnyInstance();
        return new($"kill -9 {instance.Name}", FaultTarget.Instance, Between(0.5, 3))
        {
            InjectAsync = instance.KillAsync, RepairAsync = instance.StartAsync,
        };
    }

    public Fault FreezeInstance()
    {
        var instance = AnyInstance();
        return new($"SIGSTOP {instance.Name}", FaultTarget.Instance, Between(1, 6))
        {
            InjectAsync = ToAsync(instance.Suspend), RepairAsync = ToAsync(instance.Resume)
        };
    }

    // Not while PostgreSQL is away: it would stay away until an instance starts, which waits for PostgreSQL.
    public Fault RestartAllInTurn() => new(
        "SIGTERM every instance in turn", FaultTarget.Instance | FaultTarget.Postgres, TimeSpan.Zero)
    {
        InjectAsync = async token =>
        {
            foreach (var instance in Instances)
            {
                await checks.StopAsync(instance, token);
                await instance.StartAsync(token);
            }
        },
    };

    public Fault JumpClock()
    {
        var index = random.Next(Instances.Count);
        var offset = TimeSpan.FromSeconds(random.Next(60, 6 * 3600)) * (random.Next(2) == 0 ? 1 : -1);
        return new(
            $"clock of {Instances[index].Name} {offset.Duration():h\\:mm\\:ss} "
                + $"{(offset > TimeSpan.Zero ? "forward" : "back")}",
            FaultTarget.Instance,
            Between(3, 6))
        {
            InjectAsync = token => cluster.SetClockAsync(index, offset, token),
            RepairAsync = token => cluster.SetClockAsync(index, TimeSpan.Zero, token),
        };
    }

    public Fault KillRedis(bool withData) =>
        new(withData ? "kill -9 redis, data deleted" : "kill -9 redis, data kept", FaultTarget.Redis, Between(3, 5))
        {
            InjectAsync = async token =>
            {
                await Redis.KillAsync(token);
                if (withData)
                {
                    Directory.Delete(Path.Combine(cluster.Local.DataDirectory, "redis"), recursive: true);
                }
            },
            CheckDuringAsync = checks.WithoutRedisAsync,
            RepairAsync = Redis.StartAsync,
            CheckRecoveryAsync = token => checks.CheckHealthyAsync(Guarantee.G8, "Redis", token),
        };

    public Fault FreezeRedis() => new("SIGSTOP redis", FaultTarget.Redis, Between(4, 6))
    {
        InjectAsync = ToAsync(Redis.Suspend),
        CheckDuringAsync = checks.WithoutRedisAsync,
        RepairAsync = ToAsync(Redis.Resume),
        CheckRecoveryAsync = token => checks.CheckHealthyAsync(Guarantee.G8, "Redis", token),
    };

    public Fault FillRedis() => new("redis refuses writes", FaultTarget.Redis, Between(3, 5))
    {
        InjectAsync = token => cluster.SendRedisCommandAsync("CONFIG SET maxmemory 1", token),
        CheckDuringAsync = checks.WithoutRedisAsync,
        RepairAsync = token => cluster.SendRedisCommandAsync("CONFIG SET maxmemory 0", token),
        CheckRecoveryAsync = token => checks.CheckHealthyAsync(Guarantee.G8, "Redis", token),
    };

    public Fault SendRedisCommand(string command) =>
        new($"redis {command}", FaultTarget.Redis, TimeSpan.Zero)
        {
            InjectAsync = token => cluster.SendRedisCommandAsync(command, token)
        };

    public Fault KillPostgres()
    {
        var outage = new Outage(checks);
        return new("kill -9 postgres", FaultTarget.Postgres, Between(0.5, 4))
        {
            InjectAsync = async token =>
            {
                await Postgres.KillAsync(token);
                outage.Begin();
            },
            CheckDuringAsync = checks.WithoutPostgresAsync,
            RepairAsync = async token =>
            {
                outage.End();
                await Postgres.StartAsync(token);
                await checks.CheckStorageAsync(token);
            },
            CheckRecoveryAsync = token => checks.CheckHealthyAsync(Guarantee.G9, "PostgreSQL", token),
        };
    }

    public Fault FreezePostgres()
    {
        var outage = new Outage(checks);
        return new("SIGSTOP postgres", FaultTarget.Postgres, Between(1, 5))
        {
            InjectAsync = _ =>
            {
                Postgres.Suspend();
                outage.Begin();
                return Task.CompletedTask;
            },
            RepairAsync = ToAsync(() =>
            {
                outage.End();
                Postgres.Resume();
            }),
            CheckRecoveryAsync = token => checks.CheckHealthyAsync(Guarantee.G9, "PostgreSQL", token),
        };
    }

    public Fault RefuseWrites()
    {
        var outage = new Outage(checks);
        return new("postgres read-only", FaultTarget.Postgres, Between(2, 4))
        {
            InjectAsync = async token =>
            {
                await Postgres.SetAsync("default_transaction_read_only", "on", token);
                outage.Begin();
            },
            CheckDuringAsync = checks.WithoutPostgresAsync,
            RepairAsync = token =>
            {
                outage.End();
                return Postgres.SetAsync("default_transaction_read_only", "off", token);
            },
            CheckRecoveryAsync = token => checks.CheckHealthyAsync(Guarantee.G9, "PostgreSQL", token),
        };
    }

    public Fault SlowFlush() => new("postgres flushes 100 ms slower", FaultTarget.Postgres, Between(2, 4))
    {
        InjectAsync = token => SetSlowFlushAsync(isSlow: true, token),
        RepairAsync = token => SetSlowFlushAsync(isSlow: false, token),
    };

    public Fault SlowFlushThenKillInstance()
    {
        var instance = AnyInstance();
        return new(
            $"slow flushes and kill -9 {instance.Name}", FaultTarget.Postgres | FaultTarget.Instance, Between(0.5, 1.5))
        {
            InjectAsync = async token =>
            {
                await SetSlowFlushAsync(isSlow: true, token);
                await Task.Delay(700, token);
                await instance.KillAsync(token);
            },
            RepairAsync = async token =>
            {
                await SetSlowFlushAsync(isSlow: false, token);
                await instance.StartAsync(token);
            },
        };
    }

    public Fault SlowFlushThenKillPostgres()
    {
        var outage = new Outage(checks);
        // Longer than an instance retries, so that uncommitted votes stay uncommitted.
        return new("slow flushes and kill -9 postgres", FaultTarget.Postgres, Between(2.5, 4))
        {
            InjectAsync = async token =>
            {
                await SetSlowFlushAsync(isSlow: true, token);
                await Task.Delay(700, token);
                await Postgres.KillAsync(token);
                outage.Begin();
            },
            RepairAsync = async token =>
            {
                outage.End();
                await Postgres.StartAsync(token);
                await checks.CheckStorageAsync(token);
                await SetSlowFlushAsync(isSlow: false, token);
            },
            CheckRecoveryAsync = token => checks.CheckHealthyAsync(Guarantee.G9, "PostgreSQL", token),
        };
    }

    public Fault KillNginx() =>
        new("kill -9 nginx", FaultTarget.Nginx, Between(0.2, 2))
        {
            InjectAsync = Nginx.KillAsync, RepairAsync = Nginx.StartAsync
        };

    public Fault FreezeNginx() =>
        new("SIGSTOP nginx", FaultTarget.Nginx, Between(1, 4))
        {
            InjectAsync = ToAsync(Nginx.Suspend), RepairAsync = ToAsync(Nginx.Resume)
        };

    public Fault BreakLink(bool toRedis, string description, Action<FaultyLink> breakLink)
    {
        var (link, name, target) = AnyLink(toRedis);
        return new($"link {name} {description}", target, Between(1, 6))
        {
            InjectAsync = ToAsync(() => breakLink(link)), RepairAsync = ToAsync(link.Repair)
        };
    }

    public Fault SlowLink(bool toRedis)
    {
        var delay = TimeSpan.FromMilliseconds(random.Next(20, 150));
        return BreakLink(toRedis, $"delayed by {delay.TotalMilliseconds:0} ms each way", link => link.Delay = delay);
    }

    public Fault DropClients() =>
        new("all clients reconnect", FaultTarget.Clients, TimeSpan.Zero) { InjectAsync = ToAsync(crowd.DropAll) };

    private async Task SetSlowFlushAsync(bool isSlow, CancellationToken cancellationToken)
    {
        if (isSlow)
        {
            // Then commit_delay delays every commit, not only concurrent ones.
            await Postgres.SetAsync("commit_siblings", "0", cancellationToken);
        }

        await Postgres.SetAsync("commit_delay", isSlow ? "100000" : "0", cancellationToken);
    }

    private ApiInstance AnyInstance() => Instances[random.Next(Instances.Count)];

    private (FaultyLink Link, string Name, FaultTarget Target) AnyLink(bool toRedis)
    {
        var index = random.Next(Instances.Count);
        var (postgres, redis) = cluster.Links[index];
        return toRedis
            ? (redis, $"{Instances[index].Name}-redis", FaultTarget.Redis)
            : (postgres, $"{Instances[index].Name}-postgres", FaultTarget.Postgres);
    }

    private TimeSpan Between(double min, double max) => TimeSpan.FromSeconds(min + (random.NextDouble() * (max - min)));

    private static Func<CancellationToken, Task> ToAsync(Action action) => _ =>
    {
        action();
        return Task.CompletedTask;
    };
}

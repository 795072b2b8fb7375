using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Polls.AppHost.Processes;
using Polls.Bench.Load;
using Polls.Bench.Report;
using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>
/// Limit (c): votes per second of PostgreSQL with only pgbench as a client, 500 upserts and one tally per transaction,
/// into the product's tables. Also single-row commits by one client, as a measure of the disk.
/// </summary>
internal static partial class PgBench
{
    private const int Batch = 500;
    private const int Voters = 5000;
    private const string Votes = "votes";

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, Product product)
    {
        await product.MakeRoomsAsync(1, 1, bench.Cancelled);
        var poll = product.Rooms[0].Polls[0];
        await product.Cluster.Postgres.ExecuteAsync(
            "DROP TABLE IF EXISTS bench_voters; CREATE TABLE bench_voters AS SELECT n, gen_random_uuid() AS id "
            + $"FROM generate_series(1, {Voters}) n; "
            + "ALTER TABLE bench_voters ADD PRIMARY KEY (n); ANALYZE bench_voters;",
            cancellationToken: bench.Cancelled);
        var batched = $"""
            \set first random(1, {Voters - Batch + 1})
            WITH v AS (
              INSERT INTO votes (poll_id, participant_id, revision, marks, tally_version, cast_at)
              SELECT '{poll}', id, 1, ARRAY[n % 3]::smallint[], 1, now() FROM bench_voters
              WHERE n BETWEEN :first AND :first + {Batch - 1} ORDER BY n
              ON CONFLICT (poll_id, participant_id) DO UPDATE SET revision = votes.revision + 1, marks = excluded.marks,
                tally_version = votes.tally_version + 1, cast_at = excluded.cast_at)
            UPDATE tallies SET version = version + 1, moved_at = now() WHERE poll_id = '{poll}';
            """;
        var single = $"UPDATE tallies SET version = version + 1 WHERE poll_id = '{poll}';\n";
        var votes = await bench.MeasureAsync(
            Votes, $"durable votes, upserts of {Batch} by 2 clients, nobody connected", "(c) pgbench",
            async () =>
            {
                var (tps, _, others) = await RunAsync(bench, product, batched, clients: 2);
                return new() { Values = [("votes", Batch * tps, "votes/s")], OtherCores = others };
            });
        var commit = await bench.MeasureAsync(
            Votes, "one commit of one row, one client", "(c) pgbench",
            async () =>
            {
                var (_, milliseconds, others) = await RunAsync(bench, product, single, clients: 1);
                return new() { Values = [("commit", milliseconds, "ms")], OtherCores = others };
            });
        await product.Cluster.Postgres.ExecuteAsync(
            $"DROP TABLE bench_voters; DELETE FROM polls WHERE id = '{poll}'", cancellationToken: bench.Cancelled);
        return [.. votes, .. commit];
    }

    private static async Task<(double Tps, double Milliseconds, double OtherCores)> RunAsync(
        Bench bench, Product product, string script, int clients)
    {
        var path = Path.Combine(product.Cluster.DataDirectory, "pgbench.sql");
        await File.WriteAllTextAsync(path, script, bench.Cancelled);
        var postgres = product.Cluster.Postgres;
        string Text(FormattableString text) => FormattableString.Invariant(text);
        // pgbench is a child of this process, whose CPU time includes its exited children.
        var cpu = new CpuClock([[.. product.ServerProcesses, .. product.StoreProcesses, Environment.ProcessId]]);
        var started = Stopwatch.GetTimestamp();
        var result = await Tool.RunAsync(
            "pgbench",
            [
                "-h", "127.0.0.1", "-p", Text($"{postgres.Port}"), "-U", "polls", "-n", "-M", "prepared", "-c",
                Text($"{clients}"), "-j", "1", "-T", Text($"{Math.Max(1, (int)bench.Seconds(4))}"), "-f", path, "polls",
            ],
            environment: new Dictionary<string, string> { ["PGPASSWORD"] = postgres.Password },
            cancellationToken: bench.Cancelled);
        result.OrThrow("pgbench");
        var taken = cpu.Stop(new());
        var others = Math.Max(0, taken.MachineCpuSeconds - taken.WatchedCpuSeconds[0])
            / Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (Number(Tps().Match(result.Output)), Number(Latency().Match(result.Output)), others);
    }

    private static double Number(Match match) => match.Success
        ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        : throw new DidNotHoldException("unexpected output of pgbench");

    [GeneratedRegex(@"^tps = ([\d.]+)", RegexOptions.Multiline)]
    private static partial Regex Tps();

    [GeneratedRegex(@"^latency average = ([\d.]+) ms", RegexOptions.Multiline)]
    private static partial Regex Latency();
}

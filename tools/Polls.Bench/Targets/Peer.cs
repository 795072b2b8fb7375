using System.Globalization;
using Polls.AppHost;
using Polls.Bench.Load;
using Polls.Bench.Peers;

namespace Polls.Bench.Targets;

/// <summary>An alternative to Polls, in one process; see <c>Peers/</c> for how each is built.</summary>
internal sealed class Peer : Target
{
    private readonly Kind kind;
    private readonly PeerServer server = new();
    private int rooms;

    private Peer(Kind kind) => this.kind = kind;

    internal enum Kind
    {
        Node,
        Plain,
        Bare,
    }

    public override string Name => kind switch
    {
        Kind.Node => "(a) Node.js, socket.io",
        Kind.Plain => "(b) SignalR, defaults",
        _ => "(d) bare Kestrel WebSockets",
    };

    public override string Protocol => kind switch { Kind.Node => "socketio", Kind.Plain => "signalr", _ => "bare" };

    public override IReadOnlyList<int> Ports => [server.Port];

    public override IReadOnlyList<int> ServerProcesses => [server.ProcessId];

    protected override string StoredVotes => "SELECT voter_id, poll_id, revision FROM peer_votes";

    protected override string WrongTallies =>
        """
        SELECT count(*) FROM peer_tallies t
        WHERE t.voters <> (SELECT count(*) FROM peer_votes v WHERE v.poll_id = t.poll_id)
          OR t.counts <> ARRAY(SELECT (SELECT count(*)::integer FROM peer_votes v
                                       WHERE v.poll_id = t.poll_id AND v.choice = c.i - 1)
                               FROM generate_series(1, cardinality(t.counts)) AS c (i) ORDER BY c.i)
        """;

    public static Task<Peer> StartAsync(Kind kind, CancellationToken cancellationToken, LocalCluster? shared = null) =>
        StartAsync(
            new Peer(kind),
            new ClusterOptions
            {
                Throwaway = true, Instances = 0, RedisEnabled = kind == Kind.Node, PostgresEnabled = kind != Kind.Bare
            },
            shared, cancellationToken);

    protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        var address = $"http://127.0.0.1:{server.Port}";
        if (kind != Kind.Bare)
        {
            await Cluster.Postgres.ExecuteAsync(Schema.Tables, cancellationToken: cancellationToken);
        }

        // The Web SDK's default, which is in its favour.
        var serverCollector = new Dictionary<string, string>(Programs.ProcessEnvironment) { ["DOTNET_gcServer"] = "1" };
        // The product's setting, so that memory is comparable.
        var productCollector = new Dictionary<string, string>(Programs.ProcessEnvironment)
        {
            ["DOTNET_gcServer"] = "0"
        };
        await (kind switch
        {
            Kind.Node => server.StartAsync("node", [Programs.NodePeer], NodeEnvironment(), cancellationToken),
            Kind.Plain => server.StartAsync(
                Programs.Dotnet, [Programs.Self, "plain", address, Cluster.Postgres.ConnectionString], serverCollector,
                cancellationToken),
            _ => server.StartAsync(
                Programs.Dotnet, [Programs.Self, "bare", address], productCollector, cancellationToken),
        });
    }

    protected override async Task<RoomSpec> MakeRoomAsync(int polls, CancellationToken cancellationToken)
    {
        var ids = Enumerable.Range(0, polls).Select(_ => Guid.CreateVersion7().ToString()).ToArray();
        if (kind != Kind.Bare)
        {
            var rows = string.Join(", ", ids.Select(id => $"('{id}', 0, '{{0,0,0}}', 0)"));
            await Cluster.Postgres.ExecuteAsync(
                $"INSERT INTO peer_tallies VALUES {rows}", cancellationToken: cancellationToken);
        }

        return new((100_000 + rooms++).ToString(CultureInfo.InvariantCulture), ids);
    }

    protected override ValueTask EndAsync() => server.DisposeAsync();

    private Dictionary<string, string> NodeEnvironment() => new()
    {
        ["NODE_ENV"] = "production",
        ["PORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
        ["DATABASE_URL"] = $"postgres://polls:{Cluster.Postgres.Password}@127.0.0.1:{Cluster.Postgres.Port}/polls",
        ["REDIS_URL"] = $"redis://:{Cluster.Redis!.Password}@127.0.0.1:{Cluster.Redis.Port}",
        ["CAST_SQL"] = Schema.Cast,
    };
}

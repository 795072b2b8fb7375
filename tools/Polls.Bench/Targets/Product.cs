using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Polls.AppHost;
using Polls.Bench.Load;

namespace Polls.Bench.Targets;

/// <summary>Polls itself, as ./run starts it, with rate limits off (docs/limits.md).</summary>
internal sealed class Product : Target
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private int used = 1;
    private bool throughNginx;

    public override string Name => "Polls";

    public override string Protocol => "signalr";

    public override IReadOnlyList<int> Ports =>
        throughNginx ? [Cluster.Nginx!.Port] : [.. Used.Select(instance => instance.Port)];

    public override IReadOnlyList<int> ServerProcesses =>
        [.. Used.Select(instance => instance.ProcessId).OfType<int>()];

    private IEnumerable<ApiInstance> Used => Cluster.Instances.Take(used);

    protected override string StoredVotes => "SELECT participant_id, poll_id, revision FROM votes";

    protected override string WrongTallies =>
        """
        WITH cells AS MATERIALIZED (
          SELECT v.poll_id, m.mark, sum(COALESCE(m.weight, 1))::integer AS count
          FROM votes v, unnest(v.marks, v.weights) AS m (mark, weight) GROUP BY v.poll_id, m.mark
        ),
        words AS MATERIALIZED (
          SELECT v.poll_id, k.key, count(DISTINCT v.participant_id) AS count
          FROM votes v, unnest(v.keys) AS k (key) GROUP BY v.poll_id, k.key
        )
        SELECT count(*) FROM tallies t
        WHERE t.voters <> (SELECT count(*) FROM votes v
                           WHERE v.poll_id = t.poll_id AND (cardinality(v.marks) > 0 OR v.keys IS NOT NULL))
          OR t.counts <> ARRAY(SELECT COALESCE(m.count, 0)
                               FROM generate_series(1, cardinality(t.counts)) AS c (i)
                               LEFT JOIN cells m ON m.poll_id = t.poll_id AND m.mark = c.i - 1 ORDER BY c.i)
          OR EXISTS (SELECT 1 FROM (SELECT * FROM entries e WHERE e.poll_id = t.poll_id) e
                     FULL JOIN (SELECT * FROM words w WHERE w.poll_id = t.poll_id) w ON w.key = e.key
                     WHERE COALESCE(e.count, 0) <> COALESCE(w.count, 0))
        """;

    public static Task<Product> StartAsync(
        CancellationToken cancellationToken, int instances = 1, bool nginx = false)
    {
        var settings = new Dictionary<string, string> { ["Limits__Enabled"] = "false" };
        return StartAsync(
            new Product(),
            new() { Throwaway = true, Instances = instances, NginxEnabled = nginx, ApiEnvironment = settings },
            shared: null,
            cancellationToken);
    }

    /// <summary>The number of votes stored in the polls of this room.</summary>
    public async Task<long> CountVotesAsync(RoomSpec room, CancellationToken cancellationToken) => long.Parse(
        await Cluster.Postgres.ExecuteAsync(
            "SELECT count(*) FROM votes WHERE poll_id IN "
                + $"({string.Join(", ", room.Polls.Select(poll => $"'{poll}'"))})",
            cancellationToken: cancellationToken),
        CultureInfo.InvariantCulture);

    /// <summary>Makes people connect to the first instances, or to nginx.</summary>
    public void Use(int instances, bool nginx) => (used, throughNginx) = (instances, nginx);

    /// <summary>Disconnects everyone and creates a room with one poll of any kind.</summary>
    public async Task MakeRoomAsync(Question question, CancellationToken cancellationToken)
    {
        var options = Enumerable.Range(1, question.Options).Select(i => $"Option {i}");
        var room = await CreateAsync(
            [new { question = "How?", kind = question.Kind, options, settings = question.Settings }],
            cancellationToken);
        await UseAsync([room with { Answers = [.. question.Answers] }], cancellationToken);
    }

    protected override Task<RoomSpec> MakeRoomAsync(int polls, CancellationToken cancellationToken) => CreateAsync(
        [.. Enumerable.Range(1, polls)
            .Select(i => new { question = $"Which one, {i}?", kind = "singleChoice", options = Options })],
        cancellationToken);

    private async Task<RoomSpec> CreateAsync(object[] drafts, CancellationToken cancellationToken)
    {
        var address = Cluster.Instances[0].Address;
        var room = await SendAsync(
            new Uri(address, "/api/rooms"), null, new { title = "Bench", polls = drafts }, cancellationToken);
        var (code, host) = (room.GetProperty("code").GetString()!, room.GetProperty("hostToken").GetString()!);
        var state = await SendAsync(new Uri(address, $"/api/rooms/{code}/state"), host, null, cancellationToken);
        var ids = state.GetProperty("polls")
            .EnumerateArray()
            .Select(poll => poll.GetProperty("id").GetString()!).ToArray();
        foreach (var id in ids)
        {
            await SendAsync(new Uri(address, $"/api/rooms/{code}/polls/{id}/open"), host, new { }, cancellationToken);
        }

        return new(code, ids);
    }

    protected override ValueTask EndAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static readonly string[] Options = ["One", "Two", "Three"];

    private async Task<JsonElement> SendAsync(
        Uri address, string? token, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, address);
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}

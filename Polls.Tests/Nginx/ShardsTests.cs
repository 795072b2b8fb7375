using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Polls.AppHost;
using Polls.Tests.Clients;

namespace Polls.Tests.Nginx;

/// <summary>nginx's other configurations: rooms fixed to instances, which then need no Redis, and TLS.</summary>
public sealed class ShardsTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo certificates = Directory.CreateTempSubdirectory("polls-tls-");
    private LocalCluster cluster = null!;
    private Uri secure = null!;

    public async Task InitializeAsync()
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(certificates.FullName, "fullchain.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(certificates.FullName, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
        var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
        cluster = await LocalCluster.StartNewAsync(new()
        {
            Throwaway = true,
            Instances = 3,
            RedisEnabled = false,
            NginxEnabled = true,
            NginxEnvironment = new Dictionary<string, string>
            {
                ["POLLS_UPSTREAMS"] = "by-room",
                ["POLLS_TLS_DIR"] = certificates.FullName,
                ["POLLS_TLS_PORT"] = $"{port}",
            },
        });
        secure = new Uri($"https://127.0.0.1:{port}");
    }

    public Task DisposeAsync() => cluster.DisposeAsync().AsTask();

    public void Dispose() => certificates.Delete(recursive: true);

    [Fact]
    public async Task A_room_is_on_one_instance_and_all_clients_connect_with_TLS()
    {
        using var plain = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CheckCertificateRevocationList = true }) { BaseAddress = cluster.Address };
        using var moved = await plain.GetAsync(new Uri("/r/123456?x=1", UriKind.Relative));
        moved.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        moved.Headers.Location.ShouldBe(new Uri(secure, "/r/123456?x=1"));

        var used = new HashSet<string>();
        for (var i = 0; i < 6; i++)
        {
            using var api = TestApi.TrustingAnyone(secure);
            var room = await api.CreateRoomAsync(TestApi.Draft());
            room.JoinUrl.AbsoluteUri.ShouldStartWith(secure.AbsoluteUri);
            var poll = (await api.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
            await api.DoAsync(room, poll, "open");
            await Servers.Until.TrueAsync(async () => (await ConnectionsAsync()).Values.Sum() == 0, "the connections of the previous room are closed");
            var people = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
                await RoomClient.ConnectAsync(secure, (await api.JoinAsync(room.Code)).Token, room.Code)));
            var home = (await ConnectionsAsync()).Where(item => item.Value > 0).ShouldHaveSingleItem();
            home.Value.ShouldBe(5);
            used.Add(home.Key);
            await Task.WhenAll(people.Select(person => person.CastAsync(poll, 1, 1)));
            await Servers.Until.TrueAsync(
                () => people.All(person => person.Tallies.TryGetValue(poll, out var tally) && tally.Voters == 5), "all see all votes, without Redis");
            await Task.WhenAll(people.Select(person => person.DisposeAsync().AsTask()));
        }

        used.Count.ShouldBeGreaterThan(1, "rooms spread over instances");
    }

    private async Task<Dictionary<string, int>> ConnectionsAsync()
    {
        var counts = new Dictionary<string, int>();
        foreach (var instance in cluster.Instances)
        {
            counts[instance.Name] = (await ThroughNginx.HealthAsync(instance)).GetProperty("connections").GetInt32();
        }

        return counts;
    }
}

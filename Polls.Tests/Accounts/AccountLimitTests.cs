using System.Diagnostics;
using System.Net;
using Polls.Tests.Clients;
using Polls.Tests.Limits;

namespace Polls.Tests.Accounts;

/// <summary>Rate limits for signing in, over three instances together.</summary>
[Collection(nameof(LimitedInstances))]
public sealed class AccountLimitTests(LimitedInstances cluster)
{
    private static readonly (HttpStatusCode, string?) Limited = (HttpStatusCode.TooManyRequests, "rateLimited");

    [Fact]
    public async Task Attempts_at_one_account_from_many_addresses_are_limited()
    {
        var name = TestApi.NewEmail();
        // If Redis answers too late on a busy machine, the instance counts for itself, and the same number of requests
        // passes once more.
        var (passed, seconds) = await TryAsync(Enumerable.Range(1, 80).Select(address => TryAsync(name, $"198.51.{address}.1")));
        ((double)passed).ShouldBeInRange(18, 42 + (0.2 * seconds), "twenty at once, plus what is refilled meanwhile");
        (await TryAsync(TestApi.NewEmail(), "198.51.1.1")).ShouldNotBe(Limited, "another name from one of these addresses");
    }

    [Fact]
    public async Task Attempts_at_many_accounts_from_one_address_are_limited()
    {
        var (passed, seconds) = await TryAsync(Enumerable.Range(0, 100).Select(_ => TryAsync(TestApi.NewEmail(), "198.51.100.77")));
        ((double)passed).ShouldBeInRange(27, 62 + (0.5 * seconds), "thirty at once, plus what is refilled meanwhile");
        (await TryAsync(TestApi.NewEmail(), "198.51.100.78")).ShouldNotBe(Limited, "another address");
    }

    private static async Task<(int Passed, double Seconds)> TryAsync(IEnumerable<Task<(HttpStatusCode, string?)>> attempts)
    {
        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(attempts);
        return (answers.Count(answer => answer != Limited), Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private async Task<(HttpStatusCode, string?)> TryAsync(string email, string address)
    {
        using var api = cluster.From(address);
        return await api.RefusalAsync(HttpMethod.Post, "/api/accounts/login", null, new { email, password = "wrong password" });
    }
}

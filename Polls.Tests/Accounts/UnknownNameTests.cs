using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Polls.Api.Accounts;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Accounts;

/// <summary>Signing in does not reveal whether an account exists.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class UnknownNameTests(SharedPostgres postgres)
{
    // Format, pseudorandom function, iterations and salt length of ASP.NET Core Identity's hash, version 3: its cost.
    private const int HeaderLength = 13;

    [Fact]
    public async Task A_wrong_password_is_answered_alike_after_one_equally_slow_comparison_whether_the_name_is_known()
    {
        var comparisons = new ConcurrentQueue<string>();
        await using var instance = new WatchedHasher(comparisons, ("ConnectionStrings:Polls", postgres.Cluster.Postgres.ConnectionString));
        await instance.ListenAsync();
        using var api = new TestApi(instance.Address);
        var known = TestApi.NewEmail();
        await api.RegisterAsync(known);
        comparisons.Clear();

        foreach (var email in new[] { known, TestApi.NewEmail() })
        {
            (await api.RefusalAsync(HttpMethod.Post, "/api/accounts/login", body: new { email, password = "wrong password" }))
                .ShouldBe((HttpStatusCode.Unauthorized, "account.signInFailed"));
        }

        var costs = comparisons.Select(hash => Convert.ToHexString(Convert.FromBase64String(hash).AsSpan(0, HeaderLength))).ToList();
        costs.Count.ShouldBe(2);
        costs[1].ShouldBe(costs[0]);
    }

    /// <summary>An instance that records each hash with which a password is compared.</summary>
    private sealed class WatchedHasher(ConcurrentQueue<string> comparisons, params (string Name, string Value)[] settings)
        : InProcessInstance(settings)
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddScoped<IPasswordHasher<AccountRow>>(
                provider => new Recorder(ActivatorUtilities.CreateInstance<Passwords>(provider), comparisons)));
        }
    }

    private sealed class Recorder(IPasswordHasher<AccountRow> inner, ConcurrentQueue<string> comparisons) : IPasswordHasher<AccountRow>
    {
        public string HashPassword(AccountRow user, string password) => inner.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(AccountRow user, string hashedPassword, string providedPassword)
        {
            comparisons.Enqueue(hashedPassword);
            return inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}

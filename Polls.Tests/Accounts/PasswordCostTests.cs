using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Polls.Api.Accounts;
using Polls.Core.Storage;

namespace Polls.Tests.Accounts;

/// <summary>The cost of guessing a stolen password hash; test instances use a lower one.</summary>
public sealed class PasswordCostTests
{
    [Theory]
    [InlineData(null, 210_000)]
    [InlineData("30000", 30_000)]
    public void The_default_number_of_hash_iterations_follows_OWASP(string? setting, uint iterations)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(setting is null ? [] : [KeyValuePair.Create("Accounts:PasswordIterations", (string?)setting)]).Build());
        services.AddLogging();
        services.AddAccounts();
        using var provider = services.BuildServiceProvider();
        using var scope = provider.CreateScope();

        var hash = Convert.FromBase64String(
            scope.ServiceProvider.GetRequiredService<IPasswordHasher<AccountRow>>().HashPassword(new AccountRow(), "a long password"));

        // Identity's own format: version 1, HMAC-SHA-512, the number of iterations.
        hash[0].ShouldBe((byte)1);
        BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)).ShouldBe(2u);
        BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)).ShouldBe(iterations);
    }
}

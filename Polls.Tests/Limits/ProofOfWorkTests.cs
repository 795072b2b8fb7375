using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Polls.Api.Limits;
using Polls.Tests.Clients;

namespace Polls.Tests.Limits;

public sealed class ProofOfWorkTests
{
    private const string Code = "482913";
    private static readonly IPAddress Hall = IPAddress.Parse("198.51.100.1");

    private readonly FakeTimeProvider clock = new();
    private readonly IDataProtectionProvider keys = new EphemeralDataProtectionProvider();
    private readonly InProcessRateLimiter limiter;
    private readonly ProofOfWork work;

    public ProofOfWorkTests()
    {
        limiter = new(clock);
        work = Instance();
    }

    [Fact]
    public async Task Work_is_accepted_once_on_all_instances()
    {
        var done = Solution.Of(await ChallengeAsync());
        (await Instance().AcceptsAsync(done, Code, Hall, default)).ShouldBeTrue();
        (await work.AcceptsAsync(done, Code, Hall, default)).ShouldBeFalse();
        // Another nonce for the same challenge, and other notations of it.
        (await work.AcceptsAsync(Solution.Of(done.Challenge!, ProofOfWork.LeastBits, done.Nonce), Code, Hall, default)).ShouldBeFalse();
        foreach (var notation in (string[])[done.Challenge + " ", done.Challenge + "=", done.Challenge + "==", "\n" + done.Challenge])
        {
            (await work.AcceptsAsync(Solution.Of(notation, ProofOfWork.LeastBits), Code, Hall, default)).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Work_is_accepted_from_its_address_for_its_room_in_its_time()
    {
        var done = Solution.Of(await ChallengeAsync());
        (await work.AcceptsAsync(done, "482914", Hall, default)).ShouldBeFalse();
        (await work.AcceptsAsync(done, Code, IPAddress.Parse("198.51.100.2"), default)).ShouldBeFalse();
        clock.Advance(ProofOfWork.Life - TimeSpan.FromMilliseconds(1));
        (await work.AcceptsAsync(done, Code, Hall, default)).ShouldBeTrue();

        var late = Solution.Of(await ChallengeAsync());
        clock.Advance(ProofOfWork.Life);
        (await work.AcceptsAsync(late, Code, Hall, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_no_work_is_not_accepted()
    {
        var challenge = await ChallengeAsync();
        var lazy = Enumerable.Range(0, 1000).Select(n => $"{n}").First(nonce => ProofOfWork.ZeroBits(challenge.Text, nonce) < ProofOfWork.LeastBits);
        var other = new ProofOfWork(new EphemeralDataProtectionProvider(), limiter, Options.Create(new LimitOptions()), clock);
        Work?[] none =
        [
            null, new(null, null), new(challenge.Text, null), new(null, "1"), new("", ""), new(challenge.Text, lazy), new("§", "1"), new("AAAA", "1"),
            new(new string('A', 100_000), "1"), new(challenge.Text, new string('0', 100_000)), Solution.Of(await other.ChallengeAsync(Code, Hall, default)),
        ];
        foreach (var one in none)
        {
            (await work.AcceptsAsync(one, Code, Hall, default)).ShouldBeFalse($"{one}"[..Math.Min(80, $"{one}".Length)]);
        }

        // None of this has used the challenge up.
        (await work.AcceptsAsync(Solution.Of(challenge), Code, Hall, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_more_people_of_an_address_have_paid_the_harder_the_work_until_they_have_not_for_a_while()
    {
        const int burst = 15;
        var strict = Instance(new() { Work = new(5, burst) });
        var (paid, bits) = (0, new List<int>());
        foreach (var upTo in (int[])[0, 1, 2, 3, 6, 7, 14, 15, 16])
        {
            for (; paid < upTo; paid++)
            {
                await PayAsync();
            }

            bits.Add((await strict.ChallengeAsync(Code, Hall, default)).Bits);
        }

        bits.ShouldBe([16, 17, 17, 18, 18, 19, 19, 20, 20]);
        (await strict.AcceptsAsync(Solution.Of(await ChallengeAsync()), Code, Hall, default)).ShouldBeFalse("collected while it was cheap");
        (await strict.ChallengeAsync("482914", Hall, default)).Bits.ShouldBe(16, "another room");
        (await strict.ChallengeAsync(Code, IPAddress.Parse("198.51.100.2"), default)).Bits.ShouldBe(16, "another address");
        clock.Advance(TimeSpan.FromSeconds(burst / 5));
        (await strict.ChallengeAsync(Code, Hall, default)).Bits.ShouldBe(16);

        async Task PayAsync()
        {
            if (paid < 2)
            {
                (await strict.AcceptsAsync(Solution.Of(await strict.ChallengeAsync(Code, Hall, default)), Code, Hall, default)).ShouldBeTrue();
            }
            else
            {
                // As if: the hardest work takes a test many seconds.
                limiter.Take(ProofOfWork.KeyOf(Code, Hall), new RateRule(5, burst), 1);
            }

            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    // Without options so generous that the work is the least.
    private ProofOfWork Instance(LimitOptions? options = null) => new(keys, limiter, Options.Create(options ?? new() { Work = new(1000, 1_000_000) }), clock);

    private async Task<Challenge> ChallengeAsync() => await work.ChallengeAsync(Code, Hall, default);
}

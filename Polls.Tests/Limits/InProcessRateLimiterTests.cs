using System.Net;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;

namespace Polls.Tests.Limits;

public sealed class InProcessRateLimiterTests : RateLimiterContract
{
    protected override Task<IRateLimiter> InstanceAsync(string id) => Task.FromResult<IRateLimiter>(new InProcessRateLimiter(TimeProvider.System));

    [Theory]
    [InlineData(10, 50)]
    [InlineData(0.5, 1)]
    [InlineData(500, 7)]
    public void Over_a_long_time_only_the_configured_rate_passes(double perSecond, int burst)
    {
        var rule = new RateRule(perSecond, burst);
        var (due, passed) = (0L, 0);
        const long minutes = 60_000_000L * 10;
        for (var now = 1L; now <= minutes; now += 700)
        {
            passed += rule.Take(ref due, now, 1) == 0 ? 1 : 0;
        }

        passed.ShouldBeInRange((int)(perSecond * 600) + burst - 1, (int)(perSecond * 600) + burst + 1);
    }

    [Fact]
    public void Very_many_keys_cost_bounded_memory_and_the_busiest_stay_limited()
    {
        var limiter = new InProcessRateLimiter(TimeProvider.System);
        var rule = new RateRule(0.001, 100);
        var busy = new LimitKey(RateClass.Read, UInt128.MaxValue);
        for (var i = 0; i < 100; i++)
        {
            limiter.Take(busy, rule, 1);
        }

        for (var i = 0; i < InProcessRateLimiter.MostKeys + 10; i++)
        {
            limiter.Take(new LimitKey(RateClass.Read, (UInt128)i), rule, 1);
        }

        limiter.Count.ShouldBeLessThanOrEqualTo(InProcessRateLimiter.MostKeys);
        limiter.Take(busy, rule, 1).ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public void An_address_has_one_key_in_all_its_notations()
    {
        static LimitKey Key(string address) => LimitKey.Of(RateClass.Join, IPAddress.Parse(address));
        Key("::ffff:203.0.113.7").ShouldBe(Key("203.0.113.7"));
        Key("203.0.113.7").ShouldNotBe(Key("203.0.113.8"));
        Key("2001:db8:1:2::3").ShouldBe(Key("2001:db8:1:2:ffff::4"), "a device can choose the rest of an IPv6 address itself");
        Key("2001:db8:1:2::3").ShouldNotBe(Key("2001:db8:1:3::3"));
        LimitKey.Of(RateClass.Join, (IPAddress?)null).ShouldNotBe(Key("203.0.113.7"));
    }

    [Fact]
    public void Host_screen_and_participant_of_a_room_are_three_keys()
    {
        var room = Guid.CreateVersion7();
        var keys = new[]
        {
            new Caller(Role.Host, room, "123456"), new Caller(Role.Screen, room, "123456"),
            new Caller(Role.Participant, room, "123456", Guid.CreateVersion7()),
        }.Select(caller => LimitKey.Of(RateClass.Read, caller)).ToList();
        keys.Distinct().Count().ShouldBe(3);
    }
}

using Polls.Prove;

namespace Polls.Tests.Prove;

/// <summary>The command line of <c>./prove</c>.</summary>
public sealed class ProofCommandTests
{
    [Fact]
    public void Parses_all_options()
    {
        var (wanted, error) = ProofCommand.Parse(["--minutes", "0.5", "--seed=7", "--faults", "redis-lost,nginx-killed", "--no-time-limits"]);
        error.ShouldBeNull();
        wanted!.Minutes.ShouldBe(0.5);
        wanted.Seed.ShouldBe(7);
        wanted.Faults!.Select(kind => kind.Name).ShouldBe(["redis-lost", "nginx-killed"]);
        wanted.Mutations.ShouldBeFalse();
        wanted.CheckTimeLimits.ShouldBeFalse();
    }

    [Fact]
    public void Runs_two_minutes_of_every_fault_by_default()
    {
        var (wanted, _) = ProofCommand.Parse([]);
        wanted!.Minutes.ShouldBe(2);
        wanted.Faults.ShouldBeNull();
        wanted.CheckTimeLimits.ShouldBeTrue();
    }

    [Theory]
    [InlineData("--minutes", "0")]
    [InlineData("--minutes", "soon")]
    [InlineData("--seed", "x")]
    [InlineData("--faults", "redis-lost,earthquake")]
    [InlineData("--wish", "1")]
    public void Reports_invalid_options(string name, string value)
    {
        var (wanted, error) = ProofCommand.Parse([name, value]);
        wanted.ShouldBeNull();
        error.ShouldNotBeNull().ShouldContain(name);
    }
}

using Polls.Prove;
using Polls.Prove.Faults;
using Polls.Prove.Mutations;
using Xunit.Abstractions;

namespace Polls.Tests.Prove;

/// <summary>
/// The short form of the fault suite, and a check that it detects failures: with one line of the product broken on
/// purpose, it names the violated guarantee. Time limits are not checked here, because other tests run at the same
/// time.
/// </summary>
public sealed class FaultSuiteTests(ITestOutputHelper output)
{
    private const int Seed = 20261121;

    [Fact]
    public async Task Every_guarantee_holds_while_instances_and_stores_die()
    {
        // .ci/run proves with all faults afterwards, rolling restarts (G10) included.
        FaultKind[] faults = [FaultKinds.RedisLost, FaultKinds.SlowFlushThenPostgresKilled, FaultKinds.InstanceKilled];
        var report = await Proof.RunAsync(new ProofOptions
        {
            // ./prove uses ten times as many clients. Here there must be enough to lose something at every fault.
            Seed = Seed, Voters = 24, Screens = 4, Stalled = 3, ThinkTime = TimeSpan.FromMilliseconds(600),
            Faults = faults, InOrder = true, CheckTimeLimits = false, Log = output.WriteLine,
        });
        output.WriteLine(report.ToString());

        report.Broken.ShouldBeEmpty();
        // Too short for these two: slow clients get little to read.
        report.NotExercised.Except([Guarantee.G7, Guarantee.G10]).ShouldBeEmpty();
        report.Faults.Count.ShouldBe(faults.Length);
        // The faults had an effect: clients lost their instance, and votes had to be retried.
        report.Reconnects.ShouldBePositive();
        report.Refusals.Keys.ShouldContain("unavailable");
        report.Receipts.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_line_broken_on_purpose_is_detected()
    {
        // .ci/run tries all of them afterwards.
        var mutation = Mutation.All.Single(mutation => mutation.Name == "ack-before-commit");
        var report = await Proof.RunAsync(mutation.ToOptions(Seed, output.WriteLine));
        output.WriteLine(report.ToString());

        report.Broken.ShouldContain(mutation.Breaks!.Value);
    }
}

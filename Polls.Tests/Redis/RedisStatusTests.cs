using Microsoft.Extensions.Logging.Abstractions;
using Polls.Api.Backplane;
using Polls.Api.Redis;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

/// <summary>When an instance counts as connected to Redis, and when it has to compare with PostgreSQL.</summary>
public sealed class RedisStatusTests : IDisposable
{
    private readonly TestMetrics metrics = new();
    private readonly RedisStatus status;
    private int resyncs;

    public RedisStatusTests()
    {
        status = new RedisStatus(new RedisMetrics(metrics.Registry, metrics.Loops), NullLogger.Instance);
        status.Connected += () => resyncs++;
        status.Answered(refusal: null);
        status.Heard();
    }

    public void Dispose() => metrics.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_replaced_connection_whose_loss_was_not_reported_leads_to_a_resync(bool forMessages)
    {
        resyncs.ShouldBe(1);
        status.Replaced(forMessages);
        status.State.ShouldBe(BackplaneState.Disconnected);

        status.Answered(refusal: null);
        status.Heard();

        status.State.ShouldBe(BackplaneState.Connected);
        resyncs.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reported_loss_keeps_its_reason_when_the_connection_is_replaced(bool forMessages)
    {
        status.Lost(forMessages, "the reason");
        status.Replaced(forMessages);

        status.LastError.ShouldBe("the reason");
        status.Answered(refusal: null);
        status.Heard();
        resyncs.ShouldBe(2);
    }

    [Fact]
    public void A_Redis_that_answers_but_refuses_writes_is_not_connected_until_it_takes_one()
    {
        status.Answered("refused (OOM)");

        (status.State, status.CommandsUp, status.RefusesWrites, status.LastError)
            .ShouldBe((BackplaneState.Disconnected, true, true, "refused (OOM)"));
        status.Heard();
        status.State.ShouldBe(BackplaneState.Disconnected);
        status.Unanswered("timed out");
        status.RefusesWrites.ShouldBeFalse("without an answer nothing is known of writes");
        status.Answered("refused (READONLY)");
        status.RefusesWrites.ShouldBeTrue();
        status.Answered(refusal: null);
        (status.State, status.RefusesWrites, resyncs).ShouldBe((BackplaneState.Connected, false, 2));
    }
}

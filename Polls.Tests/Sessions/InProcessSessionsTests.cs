using Microsoft.Extensions.Time.Testing;
using Polls.Api.Sessions;

namespace Polls.Tests.Sessions;

public sealed class InProcessSessionsTests : SessionsContract
{
    private static readonly TimeSpan LittleTime = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider clock = new();

    public InProcessSessionsTests() => Sessions = new InProcessSessions(clock);

    protected override ISessions Sessions { get; }

    protected override Task NearlyRunOutAsync(Guid participantId)
    {
        clock.Advance(ISessions.Life - LittleTime);
        return Task.CompletedTask;
    }

    protected override Task PassTheRestAsync(Guid participantId)
    {
        clock.Advance(LittleTime);
        return Task.CompletedTask;
    }
}

using Microsoft.Extensions.Time.Testing;
using Polls.Api.Sessions;

namespace Polls.Tests.Sessions;

public sealed class InProcessSessionsTests : SessionsContract
{
    private static readonly TimeSpan LittleTime = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider time = new();

    public InProcessSessionsTests() => Sessions = new InProcessSessions(time);

    protected override ISessions Sessions { get; }

    protected override Task NearlyRunOutAsync(Guid participantId)
    {
        time.Advance(ISessions.Life - LittleTime);
        return Task.CompletedTask;
    }

    protected override Task PassTheRestAsync(Guid participantId)
    {
        time.Advance(LittleTime);
        return Task.CompletedTask;
    }
}

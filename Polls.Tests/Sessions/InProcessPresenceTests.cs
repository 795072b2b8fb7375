using Microsoft.Extensions.Time.Testing;
using Polls.Api.Presence;

namespace Polls.Tests.Sessions;

public sealed class InProcessPresenceTests : PresenceContract
{
    private readonly FakeTimeProvider clock = new();
    private readonly InProcessPresence shared;

    public InProcessPresenceTests() => shared = new InProcessPresence(clock);

    protected override Task<IPresence> InstanceAsync(string id) => Task.FromResult<IPresence>(shared.As(id));

    protected override Task PassLeaseAsync()
    {
        clock.Advance(IPresence.Lease);
        return Task.CompletedTask;
    }
}

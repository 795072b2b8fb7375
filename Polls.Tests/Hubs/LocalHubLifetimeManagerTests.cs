using Microsoft.AspNetCore.SignalR;

namespace Polls.Tests.Hubs;

public sealed class LocalHubLifetimeManagerTests : HubLifetimeManagerContract
{
    protected override Task<HubLifetimeManager<ContractHub>> InstanceAsync() =>
        Task.FromResult<HubLifetimeManager<ContractHub>>(Local());
}

using Microsoft.AspNetCore.SignalR;

namespace Polls.Tests.Hubs;

public sealed class ContractHub : Hub;

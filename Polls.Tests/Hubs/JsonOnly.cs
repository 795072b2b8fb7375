using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Tests.Hubs;

/// <summary>A hub that speaks JSON and nothing else.</summary>
public sealed class JsonOnly : IHubProtocolResolver
{
    private readonly JsonHubProtocol json = new();

    public IReadOnlyList<IHubProtocol> AllProtocols => [json];

    public IHubProtocol? GetProtocol(string protocolName, IReadOnlyList<string>? supportedProtocols) =>
        protocolName == json.Name ? json : null;
}

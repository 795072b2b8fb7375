using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Polls.Tests.Connections;

[SuppressMessage("Performance", "CA1822", Justification = "SignalR calls instance methods only.")]
public sealed class GuardedHub : Hub
{
    public string Echo(string text) => text;

    public int Add(int one, int two) => one + two;

    public void Refuse() => throw new HubException("poll.notOpen: This poll is closed.");

    public void Blurt() => throw new HubException("no code here");

    public void Fail() => throw new InvalidOperationException("secret");

    [Authorize]
    public void Forbidden() => throw new InvalidOperationException();

    public Task TellAll() => Clients.All.SendAsync("Hello", "all");
}

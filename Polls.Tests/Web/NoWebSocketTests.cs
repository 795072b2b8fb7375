using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Networks whose proxy lets no WebSocket through.</summary>
[Collection(nameof(PhonePages))]
public sealed class NoWebSocketTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private const string EverySocketFails = """
        globalThis.WebSocket = class extends EventTarget {
          constructor() {
            super();
            setTimeout(() => {
              this.onerror?.(new Event('error'));
              this.onclose?.(new CloseEvent('close', { code: 1006 }));
            });
          }
          send() { throw new Error('not open'); }
          close() {}
        };
        """;

    [Fact]
    public async Task A_phone_joins_votes_and_sees_the_votes_of_others_over_HTTP()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await NewPhoneAsync(Cluster.A, Look.Phone);
        await phone.Page.AddInitScriptAsync(EverySocketFails);
        await phone.GoAsync($"/r/{room.Code}");
        await phone.JoinAsync();
        await phone.VoteAsync("Option 1");
        await phone.ShowsTallyAsync(1, 1, 0, 0);

        var other = await Cluster.B.JoinAsync(room.Code);
        await using var voter = await RoomClient.ConnectAsync(Cluster.B.Address, other.Token);
        await voter.CastAsync(poll, 1, 1);
        await phone.ShowsTallyAsync(2, 1, 1, 0);
    }
}

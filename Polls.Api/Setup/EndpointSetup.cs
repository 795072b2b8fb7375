using Polls.Api.Accounts;
using Polls.Api.Connections;
using Polls.Api.Entries;
using Polls.Api.Health;
using Polls.Api.Hubs;
using Polls.Api.Limits;
using Polls.Api.Results;
using Polls.Api.RoomPolls;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Api.Tokens;
using Polls.Api.Votes;
using Polls.Api.Web;

namespace Polls.Api.Setup;

/// <summary>Everything that an instance answers.</summary>
public static class EndpointSetup
{
    /// <summary>Maps the hub, the HTTP API, its description, the health checks and the pages.</summary>
    public static void MapEndpoints(this WebApplication app)
    {
        app.MapLimitedHub<RoomHub>(RoomHub.Path, RealtimeSetup.Transports).Limited(RateClass.Connect);
        app.MapAccounts();
        app.MapRooms();
        app.MapAttendance();
        app.MapHostedRooms();
        app.MapPolls();
        app.MapVotes();
        app.MapEntries();
        app.MapResults();
        app.MapSeats();
        app.MapHealth();
        app.MapOpenApi().ForAnyone("the API description is public").LimitedByAddress(RateClass.FindRoom);
        app.MapWebPages();
    }
}

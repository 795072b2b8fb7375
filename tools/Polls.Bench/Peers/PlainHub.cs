using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Polls.Bench.Peers;

/// <summary>
/// Peer (b): the same hub with the framework's defaults, one commit and one broadcast per vote. It uses the product's
/// messages, without tokens and checks, which is in its favour.
/// </summary>
internal sealed class PlainHub(NpgsqlDataSource database) : Hub
{
    public static async Task<int> RunAsync(string address, string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(address);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        builder.Services.AddSignalR();
        await using var app = builder.Build();
        app.MapGet("/health", () => "ok");
        app.MapPost("/api/rooms/{code}/participants", () =>
        {
            var id = Guid.CreateVersion7();
            return Results.Created("", new { participantId = id, token = id });
        });
        app.MapHub<PlainHub>("/hubs/room");
        await app.RunAsync();
        return 0;
    }

    public override async Task OnConnectedAsync()
    {
        var query = Context.GetHttpContext()!.Request.Query;
        await Groups.AddToGroupAsync(Context.ConnectionId, query["room"].ToString());
        await Clients.Caller.SendAsync("RoomState", new { code = query["room"].ToString() });
    }

    public async Task<Receipt> CastVote(Guid pollId, Choice vote)
    {
        var query = Context.GetHttpContext()!.Request.Query;
        await using var command = database.CreateCommand(Schema.Cast);
        command.Parameters.Add(new() { Value = pollId });
        command.Parameters.Add(new() { Value = Guid.Parse(query["access_token"].ToString()) });
        command.Parameters.Add(new() { Value = vote.Revision });
        command.Parameters.Add(new() { Value = vote.Choices[0] });
        Tally tally;
        await using (var reader = await command.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            tally = new(pollId, reader.GetInt64(0), await reader.GetFieldValueAsync<int[]>(1), reader.GetInt32(2));
        }

        await Clients.Group(query["room"].ToString()).SendAsync("TallyChanged", tally);
        return new(pollId, vote.Revision, tally.Version, DateTimeOffset.UtcNow);
    }

    internal sealed record Choice(int[] Choices, int Revision);

    internal sealed record Receipt(Guid PollId, int Revision, long TallyVersion, DateTimeOffset CastAt);

    internal sealed record Tally(Guid PollId, long Version, int[] Counts, int Voters);
}

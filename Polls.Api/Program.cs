using Polls.Api.Accounts;
using Polls.Api.Connections;
using Polls.Api.Health;
using Polls.Api.Http;
using Polls.Api.Hubs;
using Polls.Api.Instance;
using Polls.Api.Limits;
using Polls.Api.Redis;
using Polls.Api.Results;
using Polls.Api.RoomPolls;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Api.Secrets;
using Polls.Api.Setup;
using Polls.Api.Telemetry;
using Polls.Api.Tokens;
using Polls.Api.Votes;
using Polls.Api.Web;

// A slice of a fan-out (RoomFanOut) fills as many buffers at once; by itself the pool keeps 32 for each core, and the others would be
// garbage. There is no other way to tell it, and it asks once, when it is first used.
const string PooledBuffers = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";
Environment.SetEnvironmentVariable(PooledBuffers, Environment.GetEnvironmentVariable(PooledBuffers) ?? "256");

if (args is ["health"])
{
    return await HealthCommand.RunAsync();
}

var builder = WebApplication.CreateBuilder(args);
builder.AddSecretFiles();
builder.AddLogLines();

// In the order a vote travels. Hosted parts stop in reverse: the edge first, then the queue, last the way out.
builder.AddTelemetry();
builder.AddPollsRedis();
builder.AddStorage();
builder.AddRealtime();
builder.AddVotePath();
builder.AddKeyRing();
builder.Services.AddRoomTokens();
builder.Services.AddAccounts();
builder.Services.AddRateLimits();
builder.AddHttp();

// Disposed on every way out, or the last log lines would be lost.
await using var app = builder.Build();
if (!await app.IsConfiguredAsync())
{
    return 1;
}

app.UseTelemetry();
app.UseForwardedHeaders();
app.UseSecurityHeaders();
app.UseExceptionHandler();
app.UseStatusCodePages(context => Problems.FillEmptyAnswerAsync(context.HttpContext));
app.UseManagementPort();
app.UseCrossOrigin();
app.UseDrainMiddleware(RoomHub.Path);
app.UseConnectionLimit(RoomHub.Path);
app.UseAuthentication();
app.UseRateLimits();
app.UseAuthorization();
app.UseJsonCharset();

app.MapLimitedHub<RoomHub>(RoomHub.Path, RealtimeSetup.Transports).Limited(RateClass.Connect);
app.MapAccounts();
app.MapRooms();
app.MapHostedRooms();
app.MapPolls();
app.MapVotes();
app.MapResults();
app.MapSeats();
app.MapHealth();
app.MapOpenApi().ForAnyone("what is public knowledge anyway").LimitedByAddress(RateClass.FindRoom);
app.MapWebPages();

// With the argument "migrate" this is all: what a job does before a new version is rolled out.
var onlyMigrate = args is ["migrate"];
if (!await app.IsStorageReadyAsync(onlyMigrate))
{
    return 1;
}

if (args is ["accounts", ..])
{
    return await AccountsCommand.RunAsync(app, args);
}

if (!onlyMigrate)
{
    await app.RunUntilStoppedAsync();
}

return 0;

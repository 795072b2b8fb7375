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

// One slice of a fan-out (RoomFanOut) fills up to 256 buffers. By default the pool keeps 32 per core and discards the rest. Only this
// variable changes that; the runtime reads it when the pool is first used.
const string PooledBuffers = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";
Environment.SetEnvironmentVariable(PooledBuffers, Environment.GetEnvironmentVariable(PooledBuffers) ?? "256");

if (args is ["health"])
{
    return await HealthCommand.RunAsync();
}

var builder = WebApplication.CreateBuilder(args);
builder.AddSecretFiles();
builder.AddLogLines();

// In the order a vote travels. Hosted services stop in reverse order: first the HTTP edge, then the queue, last the outgoing messages.
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

// Disposed on every exit, because the last log lines would otherwise be lost.
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
app.MapOpenApi().ForAnyone("the API description is public").LimitedByAddress(RateClass.FindRoom);
app.MapWebPages();

// With the argument "migrate", stop here. A job runs this before the rollout of a new version.
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

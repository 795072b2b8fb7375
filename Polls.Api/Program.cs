using System.Globalization;
using Polls.Api.Accounts;
using Polls.Api.Connections;
using Polls.Api.Health;
using Polls.Api.Http;
using Polls.Api.Hubs;
using Polls.Api.Instance;
using Polls.Api.Limits;
using Polls.Api.Redis;
using Polls.Api.Secrets;
using Polls.Api.Setup;
using Polls.Api.Telemetry;
using Polls.Api.Tokens;
using Polls.Api.Web;

// One slice of a fan-out (RoomFanOut) fills up to 256 buffers. By default the pool keeps 32 per core and discards the
// rest. Only this variable changes that; the runtime reads it when the pool is first used.
const string PooledBuffers = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";
Environment.SetEnvironmentVariable(PooledBuffers, Environment.GetEnvironmentVariable(PooledBuffers) ?? "256");

// Logs, exports and answers are alike on every machine, whatever its LANG.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// Settings such as --Votes:Writers=4 may follow a command.
string[] command = [.. args.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
if (command is ["health"])
{
    return await HealthCommand.RunAsync();
}

if (command is not ([] or ["migrate"] or ["accounts", ..]))
{
    await Console.Error.WriteLineAsync(
        $"Unknown command '{string.Join(' ', command)}': use health, migrate or accounts.");
    return 2;
}

var builder = WebApplication.CreateBuilder(args);
builder.AddSecretFiles();
builder.AddLogLines();

// In the order a vote travels. Hosted services stop in reverse order: first the HTTP edge, then the queue, last the
// outgoing messages.
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
app.UseEntryPage();
app.UseCrossOrigin();
app.UseDrainMiddleware(RoomHub.Path);
app.UseConnectionLimit(RoomHub.Path);
app.UseAuthentication();
app.UseRateLimits();
app.UseAuthorization();
app.UseConnectTurns();
app.UseJsonCharset();

app.MapEndpoints();

// With the argument "migrate", this is all. A job runs it before the rollout of a new version.
if (!await app.IsStorageReadyAsync(migrate: command is ["migrate"]))
{
    return 1;
}

return command switch
{
    ["migrate"] => 0,
    ["accounts", ..] => await AccountsCommand.RunAsync(app, command),
    _ => await app.RunUntilStoppedAsync(),
};

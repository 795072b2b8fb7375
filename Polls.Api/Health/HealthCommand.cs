using System.Globalization;

namespace Polls.Api.Health;

/// <summary>
/// <c>dotnet Polls.Api.dll health</c>: checks whether the instance in the same container is ready and exits with 0
/// or 1. So the image needs no other program for its health check.
/// </summary>
internal static class HealthCommand
{
    // Shorter than the time-out of the health check, so that a stuck instance is reported before the check is killed.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync()
    {
        using var http = new HttpClient { Timeout = Limit };
        try
        {
            using var answer = await http.GetAsync(ReadyAddress(Environment.GetEnvironmentVariable));
            await Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await Console.Out.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>The address of the instance, from the variables that ASP.NET Core reads.</summary>
    internal static Uri ReadyAddress(Func<string, string?> variable)
    {
        var given = (variable("ASPNETCORE_URLS") ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(BindingAddress.Parse).FirstOrDefault(address => address.Scheme == Uri.UriSchemeHttp);
        var host = given?.Host is null or "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : given.Host;
        var port = given?.Port.ToString(CultureInfo.InvariantCulture)
            ?? variable("ASPNETCORE_HTTP_PORTS")?.Split(';').FirstOrDefault(one => one.Length > 0) ?? "5000";
        return new Uri($"http://{host}:{port}/health/ready");
    }
}

using System.Net;

namespace Polls.AppHost;

/// <summary>Readiness probes over HTTP.</summary>
internal static class HttpProbe
{
    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Whether the address answers within 5 s with an accepted status.</summary>
    public static async Task<bool> AnswersAsync(
        Uri address, Func<HttpStatusCode, bool> isAccepted, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(address, cancellationToken);
            return isAccepted(response.StatusCode);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // The time-out of the client.
        }
    }
}

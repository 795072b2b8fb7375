using System.Net;

namespace Polls.AppHost;

/// <summary>Asks a part whether it is ready.</summary>
internal static class HttpProbe
{
    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Whether it answers within 5 s, and with a status that will do.</summary>
    public static async Task<bool> AnswersAsync(Uri address, Func<HttpStatusCode, bool> willDo, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(address, cancellationToken);
            return willDo(response.StatusCode);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // It took the connection but did not answer in time.
        }
    }
}

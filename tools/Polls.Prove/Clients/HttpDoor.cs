using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Polls.Prove.Clients;

/// <summary>The HTTP half of the contract, through one door.</summary>
/// <param name="address">Where it is.</param>
/// <param name="seconds">How long to wait for an answer, 8 s unless told.</param>
internal sealed class HttpDoor(Uri address, double seconds = 8) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(seconds),
    };

    /// <summary>Sends and reads the answer; nothing where the answer has no content.</summary>
    /// <exception cref="RefusedException">The server refused, with the code of its problem.</exception>
    /// <exception cref="UnansweredException">No answer in time, or none that came from an instance.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? token, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        Introduce(request, token);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var content = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return content.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(content);
            }

            throw response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                && JsonSerializer.Deserialize<JsonElement>(content).TryGetProperty("code", out var code)
                    ? new RefusedException(code.GetString()!, content)
                    : new UnansweredException($"{(int)response.StatusCode} without a code: {content}");
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException or IOException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new UnansweredException(failed.Message, failed);
        }
    }

    /// <summary>The status alone; null when there was no answer.</summary>
    public async Task<int?> StatusAsync(string path, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Introduce(request, token);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return (int)response.StatusCode;
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>The text of a page; null when there was no answer.</summary>
    public async Task<string?> TextAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await http.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken);
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    public void Dispose() => http.Dispose();

    private static void Introduce(HttpRequestMessage request, string? token)
    {
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        // As if from anywhere: nginx sends requests of one network to one instance.
        request.Headers.Add("X-Forwarded-For", $"198.18.{Random.Shared.Next(250)}.1");
    }
}

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Polls.Prove.Clients;

/// <summary>A client of the HTTP API.</summary>
/// <param name="address">The base address.</param>
/// <param name="seconds">The time-out of a request.</param>
internal sealed class ApiClient(Uri address, double seconds = 8) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5)
    })
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(seconds),
    };

    /// <summary>Sends a request and returns the response body; the default value if it is empty.</summary>
    /// <exception cref="RefusedException">The server answered with a problem and its code.</exception>
    /// <exception cref="UnansweredException">No answer in time, or none from an instance (such as 502 of
    /// nginx).</exception>
    public async Task<JsonElement> SendAsync(
        HttpMethod method, string path, string? token, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body)
        };
        AddHeaders(request, token);
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
        catch (Exception failed)
            when (failed is HttpRequestException or TaskCanceledException or IOException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new UnansweredException(failed.Message, failed);
        }
    }

    /// <summary>
    /// Sends a GET request, on condition that a known version has changed, and returns the status; null if there is no
    /// answer.
    /// </summary>
    public async Task<int?> GetStatusAsync(
        string path, string token, CancellationToken cancellationToken, long? knownVersion = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        AddHeaders(request, token);
        if (knownVersion is { } version)
        {
            request.Headers.IfNoneMatch.Add(new($"\"{version}\""));
        }

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

    /// <summary>Sends a GET request and returns the response text; null if there is no answer.</summary>
    public async Task<string?> GetTextAsync(string path, CancellationToken cancellationToken)
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

    private static void AddHeaders(HttpRequestMessage request, string? token)
    {
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        // From random networks: nginx sends all requests of one network to the same instance.
        request.Headers.Add("X-Forwarded-For", $"198.18.{Random.Shared.Next(250)}.1");
    }
}

using System.Net.Http.Headers;

namespace Polls.Tests.Endpoints;

/// <summary>One malformed request.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="What">What is wrong with the request.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query, sent unchanged.</param>
/// <param name="MediaType">The content type.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Header">An additional header.</param>
/// <param name="MayPass">Whether the request may be valid nevertheless; otherwise it must be refused.</param>
internal sealed record HttpCase(
    ApiEndpoint Endpoint, string What, string Method, string Target, string? MediaType, byte[]? Body, (string Name, string Value)? Header, bool MayPass)
{
    private const string Json = "application/json";
    private static readonly string[] Methods = ["PATCH", "FOO", "OPTIONS", "TRACE", "PROPFIND", "QUERY"];

    private static readonly (string, string[])[] Headers =
    [
        ("Accept", ["text/html", "*/*;q=0", "image/svg+xml", "application/problem+json;q=0", ";;;", "a/b/c", "text/event-stream"]),
        ("Accept-Language", ["*", "xx", "de;q=2", "de;q=-1", ";;;", "\u00fc", "en-US-x-private,de;q=0.0000001", "a,b,c,d,e,f,g,h,i,j,k,l,m"]),
        ("Accept-Encoding", ["none-such", "br;q=x", "gzip;q=0, br;q=0, identity;q=0", "*;q=0", ",,,"]),
        ("Content-Encoding", ["gzip", "none-such", "br, br", ""]),
        ("If-None-Match", ["*", "\"", "W/", "\u00ff"]), ("If-Match", ["*", "\"none\""]), ("If-Modified-Since", ["yesterday", "Sat, 31 Feb 2026 00:00:00 GMT"]),
        ("Range", ["bytes=0-0", "bytes=9-1", "bytes=a-b", "lines=1-2", "bytes=99999999999999999999-"]),
        ("Cookie", ["=", "a=b; a=b", "\u0080"]), ("Origin", ["null", "evil.example", "http://[::1"]), ("X-HTTP-Method-Override", ["DELETE"]),
        ("X-Forwarded-For", ["1.2.3.4, , x", "[::1", "-"]), ("X-Forwarded-Proto", ["gopher", "https, http"]), ("Upgrade", ["websocket", "h2c"]),
        ("Sec-WebSocket-Version", ["99"]), ("traceparent", ["00-zz-zz-00", "\u00e9"]),
    ];

    /// <summary>Refused by the server while it reads the header, before the program sees the request.</summary>
    public bool IsUnreadable => Header is { } header && !System.Text.Ascii.IsValid(header.Value);

    /// <summary>A case for this endpoint, independent of the random source.</summary>
    public static HttpCase Make(ApiEndpoint endpoint, TestRoom testRoom, Random dice)
    {
        var made = MakeOne(endpoint, testRoom, dice);
        // A failed sign-in is counted and therefore stored; valid account requests are tested elsewhere.
        return endpoint.IsOfAccounts ? made with { MayPass = true } : made;
    }

    private static HttpCase MakeOne(ApiEndpoint endpoint, TestRoom testRoom, Random dice)
    {
        var good = endpoint.Path(name => testRoom.Parameter(name, PollFor(endpoint, testRoom))) + "?revision=9";
        var method = endpoint.Method == "*" ? "POST" : endpoint.Method;
        var json = Samples.Body(endpoint.Body, testRoom);
        var body = json is null ? null : System.Text.Encoding.UTF8.GetBytes(json);
        var type = body is null ? null : Json;
        switch (dice.Next(100))
        {
            case < 80 when json is not null:
                body = JsonMutations.Mutate(json, dice);
                return new(endpoint, "the body", method, good, Json, body, null, endpoint.IsOfAccounts || Contract.Allows(endpoint.Body!, testRoom, body, Json));
            case < 20:
                body = JsonMutations.Mutate("""{"a":[1,{"b":null}]}""", dice);
                return new(endpoint, "a body that is not read", method, good, dice.Pick(FuzzValues.MediaTypes), body, null, MayPass: method != "GET" || !endpoint.IsHub);
            case < 86 when json is not null:
                type = dice.Pick(FuzzValues.MediaTypes);
                return new(endpoint, "the content type", method, good, type, body, null, endpoint.IsOfAccounts || Contract.Allows(endpoint.Body!, testRoom, body!, type));
            case < 50 when endpoint.Pattern.Contains('{', StringComparison.Ordinal):
                return OfAddress(endpoint, testRoom, dice, method, type, body);
            case < 70:
                var value = dice.Pick(FuzzValues.QueryValues);
                var query = endpoint.IsHub ? $"?{dice.Pick(["id", "negotiateVersion", "access_token"])}={value}" : $"?revision={value}&lang={value}";
                return new(endpoint, "the query", method, good.Split('?')[0] + query, type, body, null, MayPass: !TakesRevision(endpoint));
            case < 78:
                return new(endpoint, "the method", dice.Pick(Methods), good, type, body, null, MayPass: endpoint.IsHub);
            default:
                var (name, values) = dice.Pick(Headers);
                return new(endpoint, "a header", method, good, type, body, (name, dice.Pick(values)), MayPass: true);
        }
    }

    /// <summary>The request with this token.</summary>
    public HttpRequestMessage Request(string? token)
    {
        // Unchanged: the URI parser must not normalise the address.
        var uri = new Uri($"http://polls.example{Target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(Method), uri);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (Header is { } header && !request.Headers.TryAddWithoutValidation(header.Name, header.Value))
        {
            request.Content?.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return request;
    }

    public override string ToString() =>
        $"{Method} {Target} ({What}){(MediaType is null ? "" : $" Content-Type: '{MediaType}'")}{(Header is { } header ? $" {header.Name}: '{header.Value}'" : "")}";

    private static HttpCase OfAddress(ApiEndpoint endpoint, TestRoom testRoom, Random dice, string method, string? type, byte[]? body)
    {
        var names = new List<string>();
        endpoint.Path(name => { names.Add(name); return name; });
        var odd = dice.Pick(names);
        var segment = dice.Next(20) == 0 ? new string('9', 3000) : dice.Pick(FuzzValues.Segments);
        var path = endpoint.Path(name => name == odd ? segment : testRoom.Parameter(name, PollFor(endpoint, testRoom)));
        return new(endpoint, $"the address: {odd}", method, $"{path}?revision=9", type, body, null, MayPass: !endpoint.Pattern.StartsWith("/api/", StringComparison.Ordinal));
    }

    private static Guid PollFor(ApiEndpoint endpoint, TestRoom testRoom) =>
        endpoint.Pattern.Contains("/entries", StringComparison.Ordinal) ? testRoom.Words
        : endpoint.Pattern.Contains("/vote", StringComparison.Ordinal) ? testRoom.Open : testRoom.Draft;

    private static bool TakesRevision(ApiEndpoint endpoint) => endpoint.Method == "DELETE" && endpoint.Pattern.Contains("/vote", StringComparison.Ordinal);
}

using System.Net.Http.Headers;

namespace Polls.Tests.Doors;

/// <summary>One malformed request.</summary>
/// <param name="Door">The endpoint.</param>
/// <param name="What">What is wrong with the request.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query, sent unchanged.</param>
/// <param name="MediaType">The content type.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Header">An additional header.</param>
/// <param name="MayPass">Whether the request may be valid nevertheless; otherwise it must be refused.</param>
internal sealed record HttpCase(
    Door Door, string What, string Method, string Target, string? MediaType, byte[]? Body, (string Name, string Value)? Header, bool MayPass)
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
    public static HttpCase Make(Door door, Hall hall, Random dice)
    {
        var made = MakeOne(door, hall, dice);
        // A failed sign-in is counted and therefore stored; valid account requests are tested elsewhere.
        return door.IsOfAccounts ? made with { MayPass = true } : made;
    }

    private static HttpCase MakeOne(Door door, Hall hall, Random dice)
    {
        var good = door.Path(name => hall.Parameter(name, PollFor(door, hall))) + "?revision=9";
        var method = door.Method == "*" ? "POST" : door.Method;
        var json = Samples.Body(door.Body, hall);
        var body = json is null ? null : System.Text.Encoding.UTF8.GetBytes(json);
        var type = body is null ? null : Json;
        switch (dice.Next(100))
        {
            case < 80 when json is not null:
                body = JsonMutations.Mutate(json, dice);
                return new(door, "the body", method, good, Json, body, null, door.IsOfAccounts || Contract.Allows(door.Body!, hall, body, Json));
            case < 20:
                body = JsonMutations.Mutate("""{"a":[1,{"b":null}]}""", dice);
                return new(door, "a body that is not read", method, good, dice.Pick(Odd.MediaTypes), body, null, MayPass: method != "GET" || !door.IsHub);
            case < 86 when json is not null:
                type = dice.Pick(Odd.MediaTypes);
                return new(door, "the content type", method, good, type, body, null, door.IsOfAccounts || Contract.Allows(door.Body!, hall, body!, type));
            case < 50 when door.Pattern.Contains('{', StringComparison.Ordinal):
                return OfAddress(door, hall, dice, method, type, body);
            case < 70:
                var value = dice.Pick(Odd.QueryValues);
                var query = door.IsHub ? $"?{dice.Pick(["id", "negotiateVersion", "access_token"])}={value}" : $"?revision={value}&lang={value}";
                return new(door, "the query", method, good.Split('?')[0] + query, type, body, null, MayPass: !TakesRevision(door));
            case < 78:
                return new(door, "the method", dice.Pick(Methods), good, type, body, null, MayPass: door.IsHub);
            default:
                var (name, values) = dice.Pick(Headers);
                return new(door, "a header", method, good, type, body, (name, dice.Pick(values)), MayPass: true);
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

    private static HttpCase OfAddress(Door door, Hall hall, Random dice, string method, string? type, byte[]? body)
    {
        var names = new List<string>();
        door.Path(name => { names.Add(name); return name; });
        var odd = dice.Pick(names);
        var segment = dice.Next(20) == 0 ? new string('9', 3000) : dice.Pick(Odd.Segments);
        var path = door.Path(name => name == odd ? segment : hall.Parameter(name, PollFor(door, hall)));
        return new(door, $"the address: {odd}", method, $"{path}?revision=9", type, body, null, MayPass: !door.Pattern.StartsWith("/api/", StringComparison.Ordinal));
    }

    private static Guid PollFor(Door door, Hall hall) => door.Pattern.Contains("/vote", StringComparison.Ordinal) ? hall.Open : hall.Draft;

    private static bool TakesRevision(Door door) => door.Method == "DELETE" && door.Pattern.Contains("/vote", StringComparison.Ordinal);
}

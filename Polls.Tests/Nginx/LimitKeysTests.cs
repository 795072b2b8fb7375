using System.Text.RegularExpressions;

namespace Polls.Tests.Nginx;

/// <summary>
/// nginx counts by address or by token, never all clients together: otherwise a flood from one address keeps everybody
/// waiting.
/// </summary>
public sealed partial class LimitKeysTests
{
    private static readonly string[] OfOneCaller = ["$network", "$caller"];

    [Fact]
    public void No_limit_counts_all_clients_together()
    {
        var keys = Zone().Matches(Repository.Read("nginx/limits.conf")).Select(zone => zone.Groups[1].Value).ToList();
        keys.Count.ShouldBeGreaterThan(5);
        keys.ShouldBeSubsetOf([.. OfOneCaller, "$handshake", "$large_body_from"]);

        // A request without a key is not counted.
        var callers = Repository.Read("nginx/callers.conf");
        ValuesOf("handshake").ShouldBe(["\"\"", "$network"], ignoreOrder: true);
        ValuesOf("large_body_from").ShouldBe(["\"\"", "$network"], ignoreOrder: true);
        ValuesOf("caller").ShouldBe(["$network", "$http_authorization"], ignoreOrder: true);

        IEnumerable<string> ValuesOf(string name) =>
            Value().Matches(Regex.Match(callers, $@"^map [^{{]* \${name} \{{$(.*?)^\}}", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value)
                .Select(value => value.Groups[1].Value);
    }

    [GeneratedRegex(@"^limit_(?:req|conn)_zone +(\$\w+) ", RegexOptions.Multiline)]
    private static partial Regex Zone();

    [GeneratedRegex(@" (\S+);$", RegexOptions.Multiline)]
    private static partial Regex Value();
}

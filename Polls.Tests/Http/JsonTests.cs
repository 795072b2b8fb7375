using System.Text.Json;
using Polls.Api.Http;

namespace Polls.Tests.Http;

public sealed class JsonTests
{
    [Theory]
    [InlineData("👍🏽 👩‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 𝒳 𠮷", "👍🏽 👩‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 𝒳 𠮷")]
    [InlineData("año 愛 <b>&'", "año 愛 <b>&'")]
    [InlineData("\"👍\"", "\\\"👍\\\"")]
    [InlineData("👍\n👍👍\\👍", "👍\\n👍👍\\\\👍")]
    public void Text_is_escaped_only_where_JSON_needs_it(string text, string written)
    {
        JsonSerializer.Serialize(text, Json.Options).ShouldBe($"\"{written}\"");
        JsonSerializer.SerializeToUtf8Bytes(text, Json.Options).ShouldBe(System.Text.Encoding.UTF8.GetBytes($"\"{written}\""));
    }

    [Fact]
    public void Half_a_pair_of_surrogates_is_replaced()
    {
        // Attributes cannot hold such text.
        foreach (var (text, written) in new[] { ("\ud83d", "\ufffd"), ("\udc4d👍", "\ufffd👍"), ("👍\ud83d", "👍\ufffd"), ("a\ud83d\n", "a\ufffd\\n") })
        {
            JsonSerializer.Serialize(text, Json.Options).ShouldBe($"\"{written}\"");
        }
    }
}

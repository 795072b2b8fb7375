using System.Text.Json;
using System.Text.Json.Serialization;
using Polls.Core;

namespace Polls.Api.Http;

/// <summary>
/// JSON settings of HTTP, hub and backplane: camelCase, enums as camelCase strings, null members omitted.
/// </summary>
public static class Json
{
    /// <summary>Options for messages between instances.</summary>
    public static JsonSerializerOptions Options { get; } =
        Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Applies the settings.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 16;
        // Escaped, letters of most scripts are three times as long. No response is embedded in HTML.
        options.Encoder = PlainTextEncoder.Instance;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        return options;
    }
}

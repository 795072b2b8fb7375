using System.Text;
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

    /// <summary>Applies the settings to SignalR's protocol, which writes with an encoder of its own.</summary>
    public static JsonSerializerOptions ConfigureHub(JsonSerializerOptions options)
    {
        options.Converters.Add(new PlainText());
        return Configure(options);
    }

    /// <summary>Encodes text itself where the encoder makes a difference.</summary>
    private sealed class PlainText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            if (value.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
            {
                // UTF-8 has no half pairs of surrogates: each becomes U+FFFD.
                var text = Encoding.UTF8.GetBytes(value);
                writer.WriteStringValue(JsonEncodedText.Encode(text, PlainTextEncoder.Instance));
            }
            else
            {
                writer.WriteStringValue(value);
            }
        }
    }
}

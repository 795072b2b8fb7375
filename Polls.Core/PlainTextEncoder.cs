using System.Text.Encodings.Web;

namespace Polls.Core;

/// <summary>
/// Writes letters, symbols and emoji of all scripts in JSON as they are. .NET's most relaxed encoder escapes characters
/// outside the Basic Multilingual Plane: an emoji then takes 12 bytes instead of 4. For JSON that is not embedded in
/// HTML.
/// </summary>
public sealed class PlainTextEncoder : JavaScriptEncoder
{
    private static readonly JavaScriptEncoder Relaxed = UnsafeRelaxedJsonEscaping;

    /// <summary>The encoder. It has no state.</summary>
    public static PlainTextEncoder Instance { get; } = new();

    /// <inheritdoc />
    public override int MaxOutputCharactersPerInputCharacter => Relaxed.MaxOutputCharactersPerInputCharacter;

    /// <inheritdoc />
    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar <= char.MaxValue && Relaxed.WillEncode(unicodeScalar);

    /// <inheritdoc />
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (var i = 0; i < textLength; i += 2)
        {
            var next = Relaxed.FindFirstCharacterToEncode(text + i, textLength - i);
            if (next < 0)
            {
                break;
            }

            i += next;
            if (i + 1 == textLength || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc />
    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        Relaxed.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
}

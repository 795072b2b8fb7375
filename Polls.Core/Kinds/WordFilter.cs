using System.Collections.Frozen;
using System.Text;

namespace Polls.Core.Kinds;

/// <summary>
/// Finds words that should not be on a big screen unseen: those of <c>WordFilter.txt</c>, as whole words, in any letter
/// case, also with digits in place of letters, or with repeated letters.
/// </summary>
internal static class WordFilter
{
    private static readonly FrozenSet<string> Words =
        Load().Select(word => Plain(WordRules.KeyOf(word))).ToFrozenSet();

    /// <summary>Whether the key of an entry contains such a word.</summary>
    public static bool Hits(string key)
    {
        // Joiners cannot be seen: they do not end a word.
        key = key.Replace("\u200C", "", StringComparison.Ordinal).Replace("\u200D", "", StringComparison.Ordinal);
        var start = 0;
        for (var i = 0; i <= key.Length; i++)
        {
            if (i < key.Length && (char.IsLetterOrDigit(key[i]) || char.IsSurrogate(key[i]) || key[i] is '@' or '$'))
            {
                continue;
            }

            if (i > start && Words.Contains(Plain(key[start..i])))
            {
                return true;
            }

            start = i + 1;
        }

        return false;
    }

    /// <summary>The word with letters in place of digits that look like them, and runs of one letter as one.</summary>
    private static string Plain(string word)
    {
        var plain = new StringBuilder(word.Length);
        foreach (var c in word)
        {
            var letter = c switch
            {
                '0' => 'o',
                '1' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' => 't',
                _ => c,
            };
            if (plain.Length == 0 || plain[^1] != letter)
            {
                plain.Append(letter);
            }
        }

        return plain.ToString();
    }

    private static IEnumerable<string> Load()
    {
        using var stream = typeof(WordFilter).Assembly.GetManifestResourceStream("WordFilter.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n')
            .Where(line => !line.StartsWith('#'))
            .SelectMany(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))];
    }
}

using Polls.Core.RoomPolls;
using Polls.Core.Storage;

namespace Polls.Tests.Web;

/// <summary>The longest texts that a host may enter, and a word without a line break.</summary>
internal static class LongTexts
{
    private const string Sentence = "Everything that people could possibly want to say about a thing at once, and then some more of it. ";

    public static string Title { get; } = Fill(200);

    public static PollDraft Poll { get; } = new(
        Fill(500), PollKind.SingleChoice,
        [.. Enumerable.Range(0, 20).Select(i => i % 5 == 4 ? new string((char)('a' + i), 60) : $"{i + 1} {Fill(i % 2 == 0 ? 190 : 40)}")]);

    private static string Fill(int length) => string.Concat(Enumerable.Repeat(Sentence, 6))[..length].Trim();
}

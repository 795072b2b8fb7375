using Polls.Core.Rooms;
using Polls.Tests.Storage;

namespace Polls.Tests.Rooms;

public sealed class RoomRulesTests
{
    public static TheoryData<string?, bool> Titles => new()
    {
        { "T", true }, { new string('t', 200), true }, { new string('t', 201), false }, { "", false }, { " ", false }, { null, false },
        { "a\nb", false }, { "a\u202Eb", false },
    };

    public static TheoryData<string?, string?> Nicknames => new()
    {
        { null, "" }, { "", "" }, { "   ", "" }, { new string(' ', 40), "" }, { new string(' ', 41), null }, { " Ann ", "Ann" },
        { new string('n', 40), new string('n', 40) }, { new string('n', 41), null }, { "a\tb", null }, { "\u2066a", null },
    };

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_title_has_1_to_200_printable_characters(string? title, bool good)
    {
        var outcome = RoomRules.CheckTitle(title);
        if (good)
        {
            outcome.ShouldSucceed().ShouldBe(title);
        }
        else
        {
            outcome.ShouldBeRefused("room.badTitle");
        }
    }

    [Theory]
    [MemberData(nameof(Nicknames))]
    public void A_nickname_is_optional_and_has_at_most_40_printable_characters(string? nickname, string? clean)
    {
        var outcome = RoomRules.CheckNickname(nickname);
        if (clean is null)
        {
            outcome.ShouldBeRefused("participant.badNickname");
        }
        else
        {
            outcome.ShouldSucceed().ShouldBe(clean);
        }
    }
}

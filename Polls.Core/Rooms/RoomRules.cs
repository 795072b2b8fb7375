namespace Polls.Core.Rooms;

/// <summary>Bounds of a room.</summary>
public static class RoomRules
{
    /// <summary>Maximum length of a title, in UTF-16 units.</summary>
    public const int MaxTitleLength = 200;

    /// <summary>Maximum length of a nickname, in UTF-16 units.</summary>
    public const int MaxNicknameLength = 40;

    /// <summary>Maximum number of polls per room, including drafts.</summary>
    public const int MaxPolls = 200;

    /// <summary>Maximum number of co-hosts per room.</summary>
    public const int MaxCoHosts = 20;

    /// <summary>Maximum number of valid co-host invitations per room.</summary>
    public const int MaxHostInvitations = 20;

    /// <summary>The title as it is stored, or <c>room.badTitle</c>.</summary>
    public static Outcome<string> CheckTitle(string? title) =>
        TextRules.Clean(title, MaxTitleLength) is { } clean
            ? clean
            : Refusals.Invalid(
                "room.badTitle",
                $"A title must have 1 to {MaxTitleLength} visible characters and no control characters.");

    /// <summary>The nickname as it is stored (empty when none was given), or <c>participant.badNickname</c>.</summary>
    public static Outcome<string> CheckNickname(string? nickname)
    {
        if (string.IsNullOrWhiteSpace(nickname) && (nickname is null || nickname.Length <= MaxNicknameLength))
        {
            return string.Empty;
        }

        return TextRules.Clean(nickname, MaxNicknameLength) is { } clean
            ? clean
            : Refusals.Invalid(
                "participant.badNickname",
                $"A nickname must have at most {MaxNicknameLength} visible characters and no control characters.");
    }
}

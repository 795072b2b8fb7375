using Polls.Core.Kinds;
using Polls.Core.Storage;

namespace Polls.Core.RoomPolls;

/// <summary>Bounds of a poll and the check of a draft against them.</summary>
public static class PollRules
{
    /// <summary>Maximum length of a question, in UTF-16 units.</summary>
    public const int MaxQuestionLength = 500;

    /// <summary>Maximum length of an option, in UTF-16 units.</summary>
    public const int MaxOptionLength = 200;

    /// <summary>Maximum number of options of any kind.</summary>
    public const int MaxOptions = 20;

    /// <summary>Maximum duration of a timed poll: one day.</summary>
    public const int MaxDurationSeconds = 86_400;

    /// <summary>The draft as stored, or the refusal of the first rule that it breaks.</summary>
    public static Outcome<PollContent> Check(PollDraft draft)
    {
        if (TextRules.Clean(draft.Question, MaxQuestionLength) is not { } question)
        {
            return Refusals.Invalid(
                "poll.badQuestion",
                $"A question must have 1 to {MaxQuestionLength} visible characters and no control characters.");
        }

        if (draft.Kind is not { } kindName || PollKinds.Find(kindName) is not { } kind)
        {
            return Refusals.Invalid("poll.badKind", "This kind of poll does not exist.");
        }

        if (draft.Options is not { Count: <= MaxOptions } options)
        {
            return Refusals.Invalid("poll.badOptions", $"A poll can have up to {MaxOptions} options.");
        }

        var texts = new string[options.Count];
        var appearances = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < texts.Length; i++)
        {
            if (TextRules.Clean(options[i], MaxOptionLength) is not { } text)
            {
                return Refusals.Invalid(
                    "poll.badOptions",
                    $"An option must have 1 to {MaxOptionLength} visible characters and no control characters.");
            }

            if (!appearances.Add(TextRules.Appearance(text)))
            {
                return Refusals.Invalid("poll.badOptions", "Two options look the same.");
            }

            texts[i] = text;
        }

        var settings = draft.Settings ?? new PollSettings();
        if (!settings.IsWellFormed || !Enum.IsDefined(settings.ResultsVisibility))
        {
            return Refusals.Invalid(
                "poll.badSettings",
                "resultsVisibility must be live, afterVote, afterClose or hostOnly, allowChange true or false, "
                + "durationSeconds a number.");
        }

        if (!kind.Check(texts, settings.OfKind).Succeeded(out var ofKind, out var refusal))
        {
            return refusal;
        }

        return IsDuration(settings.DurationSeconds)
            ? new PollContent(
                kindName, question, texts, ofKind, settings.ResultsVisibility, settings.AllowChange,
                settings.DurationSeconds)
            : BadDuration;
    }

    /// <summary>Whether this duration is allowed; null means no limit.</summary>
    public static bool IsDuration(int? seconds) => seconds is null or (>= 1 and <= MaxDurationSeconds);

    /// <summary>The refusal of a duration out of bounds.</summary>
    public static Refusal BadDuration { get; } = Refusals.Invalid(
        "poll.badSettings", $"durationSeconds must be between 1 and {MaxDurationSeconds}.");
}

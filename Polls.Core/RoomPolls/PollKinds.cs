using Polls.Core.Storage;
namespace Polls.Core.RoomPolls;

/// <summary>
/// Rules of one kind of poll. The vote path only knows marks: a vote adds one to the tally per mark. A new kind is one
/// more implementation and changes nothing else.
/// </summary>
public interface IPollKind
{
    /// <summary>The marks of these choices, as stored; null if the choices are not a valid vote.</summary>
    short[]? Mark(IReadOnlyList<int> choices, int options, int maxChoices);

    /// <summary>The choices of these marks.</summary>
    IReadOnlyList<int> Choices(IReadOnlyList<short> marks);

    /// <summary>
    /// Maximum number of choices for this many options and this setting; null if the setting is invalid.
    /// </summary>
    int? MaxChoices(int options, int? setting);
}

/// <summary>All kinds.</summary>
public static class PollKinds
{
    private static readonly IPollKind Single = new DistinctChoices(onlyOne: true);
    private static readonly IPollKind Multiple = new DistinctChoices(onlyOne: false);

    /// <summary>The rules of a kind; null if there is no such kind.</summary>
    public static IPollKind? Find(PollKind kind) => kind switch
    {
        PollKind.SingleChoice => Single,
        PollKind.MultipleChoice => Multiple,
        _ => null,
    };

    /// <summary>The rules of a kind that exists, for example the kind of a stored poll.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind does not exist.</exception>
    public static IPollKind Get(PollKind kind) => Find(kind) ?? throw new ArgumentOutOfRangeException(nameof(kind));
}

/// <summary>Kinds where a vote is a set of options: each chosen option gets one mark.</summary>
internal sealed class DistinctChoices(bool onlyOne) : IPollKind
{
    public short[]? Mark(IReadOnlyList<int> choices, int options, int maxChoices)
    {
        if (choices.Count < 1 || choices.Count > maxChoices)
        {
            return null;
        }

        var marks = new short[choices.Count];
        for (var i = 0; i < marks.Length; i++)
        {
            if (choices[i] < 0 || choices[i] >= options)
            {
                return null;
            }

            marks[i] = (short)choices[i];
        }

        Array.Sort(marks);
        for (var i = 1; i < marks.Length; i++)
        {
            if (marks[i] == marks[i - 1])
            {
                return null;
            }
        }

        return marks;
    }

    public IReadOnlyList<int> Choices(IReadOnlyList<short> marks) => [.. marks.Select(mark => (int)mark)];

    public int? MaxChoices(int options, int? setting) => (onlyOne, setting) switch
    {
        (true, null or 1) => 1,
        (true, _) => null,
        (false, null) => options,
        (false, var most) => most >= 1 && most <= options ? most : null,
    };
}

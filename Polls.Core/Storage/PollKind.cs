namespace Polls.Core.Storage;

/// <summary>What people answer.</summary>
public enum PollKind
{
    /// <summary>Exactly one option.</summary>
    SingleChoice = 0,

    /// <summary>One or more options, up to the poll's limit.</summary>
    MultipleChoice = 1,

    /// <summary>A value of one scale.</summary>
    Rating = 2,

    /// <summary>A value for each of several statements.</summary>
    Scales = 3,

    /// <summary>Options in order of preference.</summary>
    Ranking = 4,

    /// <summary>Points distributed among options.</summary>
    Points = 5,

    /// <summary>A formal vote: yes, no, abstain.</summary>
    Motion = 6,

    /// <summary>Words that people add.</summary>
    WordCloud = 7,

    /// <summary>An estimated number.</summary>
    Numeric = 8,

    /// <summary>A kind that a newer version stored.</summary>
    Unknown = -1,
}

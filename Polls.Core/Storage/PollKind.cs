namespace Polls.Core.Storage;

/// <summary>How people choose.</summary>
public enum PollKind
{
    /// <summary>Exactly one option.</summary>
    SingleChoice = 0,

    /// <summary>One option or more, up to the poll's limit.</summary>
    MultipleChoice = 1,
}

namespace Polls.Core.Storage;

/// <summary>How many options a vote can choose.</summary>
public enum PollKind
{
    /// <summary>Exactly one option.</summary>
    SingleChoice = 0,

    /// <summary>One or more options, up to the poll's limit.</summary>
    MultipleChoice = 1,
}

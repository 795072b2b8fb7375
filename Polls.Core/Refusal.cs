namespace Polls.Core;

/// <summary>A request that was understood and refused: nothing was changed.</summary>
/// <param name="Code">Stable, part of the contract: clients decide by it.</param>
/// <param name="Detail">One sentence for people; may change.</param>
/// <param name="Kind">How a transport reports it.</param>
/// <param name="RetryAfter">When the same request has a chance again; null when it has none as it is.</param>
public sealed record Refusal(string Code, string Detail, RefusalKind Kind, TimeSpan? RetryAfter = null);

/// <summary>What a refusal means to the caller, independent of the transport.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong and will never succeed.</summary>
    Invalid,

    /// <summary>What it names does not exist, or not for this caller.</summary>
    NotFound,

    /// <summary>The present state of the room or poll forbids it.</summary>
    Conflict,

    /// <summary>It existed and has ended for good.</summary>
    Gone,

    /// <summary>The caller is not known, or could not show who it is.</summary>
    Unauthenticated,

    /// <summary>The caller's role does not allow it.</summary>
    Forbidden,

    /// <summary>The caller asks for too much.</summary>
    TooMany,

    /// <summary>The system cannot do it now; the same request may succeed later.</summary>
    Unavailable,
}

namespace Polls.Core;

/// <summary>The refusal of a valid request. Nothing was changed.</summary>
/// <param name="Code">Stable code, part of the contract.</param>
/// <param name="Detail">A sentence for people. It can change.</param>
/// <param name="Kind">How a transport reports the refusal.</param>
/// <param name="RetryAfter">When the same request may succeed; null if it cannot.</param>
public sealed record Refusal(string Code, string Detail, RefusalKind Kind, TimeSpan? RetryAfter = null);

/// <summary>The meaning of a refusal, independent of the transport.</summary>
public enum RefusalKind
{
    /// <summary>The request is invalid and cannot succeed.</summary>
    Invalid,

    /// <summary>The target does not exist, or the caller must not see it.</summary>
    NotFound,

    /// <summary>The current state of the room or poll does not allow it.</summary>
    Conflict,

    /// <summary>The target is not as the caller last saw it, and the caller asked for this check.</summary>
    ChangedMeanwhile,

    /// <summary>The target has ended.</summary>
    Gone,

    /// <summary>The caller is not authenticated.</summary>
    Unauthenticated,

    /// <summary>The caller's role does not allow it.</summary>
    Forbidden,

    /// <summary>The caller exceeds a limit.</summary>
    TooMany,

    /// <summary>Not possible now; the same request may succeed later.</summary>
    Unavailable,
}

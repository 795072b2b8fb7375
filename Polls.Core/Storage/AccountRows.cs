namespace Polls.Core.Storage;

/// <summary>A stored host account.</summary>
public sealed class AccountRow
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>The sign-in name, as entered. Nothing is ever sent to it.</summary>
    public string Email { get; set; } = "";

    /// <summary>The name in normalized case; unique.</summary>
    public string NormalizedEmail { get; set; } = "";

    /// <summary>The slow hash of the password, with its algorithm and parameters.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>Changing it ends all sessions, which know the one that they started with.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>Changes with every update, so that concurrent updates do not overwrite each other.</summary>
    public string ConcurrencyStamp { get; set; } = "";

    /// <summary>Whether signing in requires a code in addition to the password.</summary>
    public bool TwoFactorEnabled { get; set; }

    /// <summary>The key for codes, protected by the key ring; null before it is created.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>Hashes of the unused recovery codes.</summary>
    public string[] RecoveryCodes { get; set; } = [];

    /// <summary>The newest time step whose code was used. No code is accepted twice. Only SQL changes it.</summary>
    public long UsedStep { get; init; }

    /// <summary>Attempts since the last success. Only SQL changes it.</summary>
    public int Attempts { get; init; }

    /// <summary>The time of the last attempt. Only SQL changes it.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When the account was created.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A place where an account is signed in. Deleting the row ends it.</summary>
public sealed class AccountSessionRow
{
    /// <summary>UUIDv7. Part of every token of the session.</summary>
    public required Guid Id { get; init; }

    /// <summary>The account.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The account's security stamp when the session started. With another one the session is over.</summary>
    public required string Stamp { get; init; }

    /// <summary>How often its tokens were renewed. The refresh token that is good now has this number.</summary>
    public int Renewals { get; init; }

    /// <summary>What the client called itself when it signed in, at most 300 characters.</summary>
    public string? Device { get; init; }

    /// <summary>When the session started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its tokens were last issued.</summary>
    public required DateTimeOffset RenewedAt { get; init; }

    /// <summary>When it ends, unless its tokens are renewed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>An invitation to register. Can be used once.</summary>
public sealed class AccountInvitationRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>The account that created the invitation; null for the command line.</summary>
    public Guid? CreatedBy { get; init; }

    /// <summary>When the invitation expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>An account that hosts a room of another account.</summary>
public sealed class RoomHostRow
{
    /// <summary>The room.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>The co-host.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>When the account became a co-host.</summary>
    public required DateTimeOffset AddedAt { get; init; }
}

/// <summary>An invitation to host a room. Anyone with the link can use it until it expires or is revoked.</summary>
public sealed class HostInvitationRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The room of the invitation.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>When the invitation expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

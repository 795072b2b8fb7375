namespace Polls.Core.Storage;

/// <summary>A host's account as stored.</summary>
public sealed class AccountRow
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>What the host signs in with, as it was written. Nothing is ever sent to it.</summary>
    public string Email { get; set; } = "";

    /// <summary>The same in one case of letters; unique.</summary>
    public string NormalizedEmail { get; set; } = "";

    /// <summary>The password's slow hash, with the way it was made.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>Every token holds it; a new one makes all tokens of before worthless.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>Another one with every change, so that two changes at once do not overwrite each other.</summary>
    public string ConcurrencyStamp { get; set; } = "";

    /// <summary>Whether a code is asked for beside the password.</summary>
    public bool TwoFactorEnabled { get; set; }

    /// <summary>The key that codes are made of, protected by the key ring; null before one was drawn.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>Hashes of the recovery codes that are left.</summary>
    public string[] RecoveryCodes { get; set; } = [];

    /// <summary>The newest time step of which a code was taken: none is taken twice. Only SQL changes it.</summary>
    public long UsedStep { get; init; }

    /// <summary>Attempts since the last one that succeeded. Only SQL changes it.</summary>
    public int Attempts { get; init; }

    /// <summary>When the last attempt was. Only SQL changes it.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When the account was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>An invitation to register, good once.</summary>
public sealed class AccountInvitationRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>Who invited; null: the command line.</summary>
    public Guid? CreatedBy { get; init; }

    /// <summary>Until when it is good.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>An account that hosts a room which another one owns.</summary>
public sealed class RoomHostRow
{
    /// <summary>The room.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>The co-host.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset AddedAt { get; init; }
}

/// <summary>An invitation to host a room, good for everybody who has the link, until it expires or is taken back.</summary>
public sealed class HostInvitationRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The only room that it is good for.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>Until when it is good.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

namespace Polls.Api.Connections;

/// <summary>What a client may send to a hub.</summary>
public sealed record HubProtocolGuardOptions
{
    /// <summary>The longest record, in bytes of JSON; a longer one is discarded while it streams in.</summary>
    public int MaximumRecordBytes { get; set; } = 16 * 1024;
}

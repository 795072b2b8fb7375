namespace Polls.Api.Connections;

/// <summary>Limits for messages from clients to a hub.</summary>
public sealed record HubProtocolGuardOptions
{
    /// <summary>The maximum length of a record, in bytes of JSON. A longer record is discarded while it is received.</summary>
    public int MaximumRecordBytes { get; set; } = 16 * 1024;
}

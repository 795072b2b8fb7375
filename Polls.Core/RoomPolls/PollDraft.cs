using System.Text.Json.Serialization;
using Polls.Core.Storage;

namespace Polls.Core.RoomPolls;

/// <summary>A poll as the host wrote it, not yet checked.</summary>
/// <param name="Question">1 to 500 characters.</param>
/// <param name="Kind">What people answer.</param>
/// <param name="Options">Texts of 1 to 200 characters; the kind determines how many.</param>
/// <param name="Settings">Everything that has a default.</param>
public sealed record PollDraft(
    string? Question, [property: JsonConverter(typeof(KnownKind))] PollKind? Kind, IReadOnlyList<string?>? Options,
    PollSettings? Settings = null);

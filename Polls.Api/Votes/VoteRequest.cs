using System.Text.Json.Serialization;
using Polls.Core.Kinds;

namespace Polls.Api.Votes;

/// <summary>A vote in a request.</summary>
public sealed record VoteRequest : Answer
{
    /// <summary>The voter's own counter, from 0.</summary>
    [JsonConverter(typeof(LenientNumber))]
    public int? Revision { get; init; }

    /// <summary>
    /// The edition of the poll that the voter saw. If the poll has another one now, the vote is refused.
    /// </summary>
    [JsonConverter(typeof(LenientNumber))]
    public int? Edition { get; init; }
}

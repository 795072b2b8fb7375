using Polls.Core.RoomPolls;
using Polls.Core.Rooms;

namespace Polls.Api.Limits;

/// <summary>
/// What requests cost that store or return much text. Text is counted in UTF-16 units, without the few hundred bytes
/// that every poll has besides.
/// </summary>
internal static class TextSize
{
    // A usual state is smaller and costs no more than the request.
    private const int FreeInState = 16_384;
    private const int SeatsPerUnit = 16;

    /// <summary>The cost of drafts in the class <see cref="RateClass.Content"/>.</summary>
    public static int OfDrafts(IEnumerable<PollDraft?>? drafts) =>
        (drafts ?? []).Sum(draft => 1 + (Length(draft?.Question, draft?.Options) / 1000));

    /// <summary>The cost of new seat codes in the class <see cref="RateClass.Content"/>.</summary>
    public static int OfSeats(int count) => 1 + (Math.Max(0, count) / SeatsPerUnit);

    /// <summary>
    /// The additional cost of a state in the class <see cref="RateClass.Read"/>: one more request per 16,384 units.
    /// </summary>
    public static int OfState(RoomState state) =>
        state.Polls.Sum(poll => Length(poll.Question, poll.Options)) / FreeInState;

    private static int Length(string? question, IReadOnlyList<string?>? options) =>
        (question?.Length ?? 0) + (options?.Sum(option => option?.Length ?? 0) ?? 0);
}

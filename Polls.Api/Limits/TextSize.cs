using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Seats;

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
    private const int MostInDraft = PollRules.MaxQuestionLength + (PollRules.MaxOptions * PollRules.MaxOptionLength);

    /// <summary>
    /// The cost of a new room's drafts in the class <see cref="RateClass.Content"/>. Refused drafts cost no more than
    /// the largest ones that are stored.
    /// </summary>
    public static int OfDrafts(IEnumerable<PollDraft?>? drafts) =>
        (drafts ?? []).Take(RoomRules.MaxPolls).Sum(draft => 1 + OfDraft(draft));

    /// <summary>
    /// The cost of a draft in an existing room. Usual ones are free, so that a host can go on whatever others behind
    /// the same address do.
    /// </summary>
    public static int OfDraft(PollDraft? draft) =>
        (int)Math.Min(MostInDraft, Length(draft?.Question, draft?.Options)) / 1000;

    /// <summary>The cost of new seat codes in the class <see cref="RateClass.Content"/>.</summary>
    public static int OfSeats(int count) => 1 + (Math.Clamp(count, 0, SeatBook.MostAtOnce) / SeatsPerUnit);

    /// <summary>
    /// The additional cost of a state in the class <see cref="RateClass.Read"/>: one more request per 16,384 units.
    /// </summary>
    public static int OfState(RoomState state) =>
        (int)(state.Polls.Sum(poll => Length(poll.Question, poll.Options)) / FreeInState);

    private static long Length(string? question, IReadOnlyList<string?>? options) =>
        (question?.Length ?? 0) + (options?.Sum(option => (long)(option?.Length ?? 0)) ?? 0);
}

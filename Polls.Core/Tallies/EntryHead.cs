using System.Text.Json;
using System.Text.Json.Serialization;
using Polls.Core.Storage;

namespace Polls.Core.Tallies;

/// <summary>
/// The most frequent entries of a poll, and sums of all. Never sent as it is: each audience gets a part of it.
/// </summary>
/// <param name="Total">How many entries are shown.</param>
/// <param name="People">The sum of their counts.</param>
/// <param name="Hidden">How many are hidden.</param>
/// <param name="Pending">How many wait for the host.</param>
/// <param name="Shown">The first 100 shown ones, most frequent first, then in order of appearance.</param>
/// <param name="All">The first 200 of all, in the same order.</param>
public sealed record EntryHead(
    int Total, int People, int Hidden, int Pending, IReadOnlyList<TallyEntry> Shown, IReadOnlyList<TallyEntry> All)
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        Encoder = PlainTextEncoder.Instance,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private TallyEntries? forParticipants;
    private TallyEntries? forScreens;
    private TallyEntries? forHosts;

    /// <summary>The head of a poll without entries.</summary>
    public static EntryHead Empty { get; } = new(0, 0, 0, 0, [], []);

    /// <summary>What participants get: 20 entries, at most 1 KB.</summary>
    public TallyEntries ForParticipants => forParticipants ??= Cut(Shown, null, 20, 1_024);

    /// <summary>What screens get: 100 entries, at most 12 KB.</summary>
    public TallyEntries ForScreens => forScreens ??= Cut(Shown, null, 100, 12 * 1_024);

    /// <summary>What hosts get: 200 entries, also hidden and waiting ones, at most 48 KB.</summary>
    public TallyEntries ForHosts => forHosts ??= Cut(All, (Hidden, Pending), 200, 48 * 1_024);

    private TallyEntries Cut(
        IReadOnlyList<TallyEntry> from, (int Hidden, int Pending)? more, int most, int bytes)
    {
        var cut = new TallyEntries(Total, more?.Hidden, more?.Pending, [], People);
        bytes -= JsonSerializer.SerializeToUtf8Bytes(cut, Wire).Length;
        var items = new List<TallyEntry>();
        foreach (var item in from.Take(most))
        {
            // With the comma after it.
            bytes -= JsonSerializer.SerializeToUtf8Bytes(item, Wire).Length + 1;
            if (bytes < 0)
            {
                break;
            }

            items.Add(item);
        }

        return cut with
        {
            Items = items, Others = People - items.Where(item => item.State is null).Sum(item => item.Count)
        };
    }
}

/// <summary>The part of a poll's entries that one audience gets. Part of the wire contract.</summary>
/// <param name="Total">How many entries are shown.</param>
/// <param name="Hidden">How many are hidden; only for hosts.</param>
/// <param name="Pending">How many wait until the host shows them; only for hosts.</param>
/// <param name="Items">The most frequent ones, then in order of appearance.</param>
/// <param name="Others">The sum of the counts of the shown entries that are not among the items.</param>
public sealed record TallyEntries(
    int Total, int? Hidden, int? Pending, IReadOnlyList<TallyEntry> Items, int Others);

/// <summary>An entry. Part of the wire contract.</summary>
/// <param name="N">Number within the poll, in order of first appearance.</param>
/// <param name="Text">The first spelling.</param>
/// <param name="Count">How many people added it.</param>
/// <param name="State">Only for hosts, and only if it is not shown.</param>
/// <param name="Reason">Why it waits.</param>
public sealed record TallyEntry(
    int N, string Text, int Count, EntryVisibility? State = null, PendingReason? Reason = null)
{
    /// <summary>The entry as stored.</summary>
    public static TallyEntry Of(int n, string text, int count, EntryState state) => new(
        n, text, count, VisibilityOf(state), state switch
        {
            EntryState.Review => PendingReason.Review,
            EntryState.Filtered => PendingReason.Filter,
            _ => null,
        });

    /// <summary>What clients are told of a state; null if the entry is shown.</summary>
    public static EntryVisibility? VisibilityOf(EntryState state) => state switch
    {
        EntryState.Shown => null,
        EntryState.Hidden => EntryVisibility.Hidden,
        _ => EntryVisibility.Pending,
    };
}

/// <summary>Who may see an entry, as clients are told.</summary>
public enum EntryVisibility
{
    /// <summary>Everyone who may see the result.</summary>
    Shown,

    /// <summary>Only hosts: a host has hidden it.</summary>
    Hidden,

    /// <summary>Only hosts: it waits until a host shows it.</summary>
    Pending,

    /// <summary>Counted with the entry that it was merged into.</summary>
    Merged,
}

/// <summary>Why an entry waits for the host.</summary>
public enum PendingReason
{
    /// <summary>All new entries of the poll wait.</summary>
    Review,

    /// <summary>It contains a word of the filter.</summary>
    Filter,
}

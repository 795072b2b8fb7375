namespace Polls.Bench.Load;

/// <summary>Records when each connection saw each version of each poll during one measurement.</summary>
internal sealed class UpdateLog
{
    private readonly List<(int Person, int Poll, long Version, long At)> seen = [];

    public void Clear() => seen.Clear();

    public void Add(int person, int poll, long version, long at) => seen.Add((person, poll, version, at));

    /// <summary>Adds the times from votes to the screens of their room.</summary>
    public LoadAnswer Summarise(LoadAnswer answer, List<Person> people, List<PlannedVote> votes, int ports)
    {
        var pairs = new Histogram();
        var ofPort = Enumerable.Range(0, ports).Select(_ => new Histogram()).ToArray();
        var last = new Histogram();
        var rooms = people.Select(person => person.Room).Distinct().ToList();
        foreach (var room in rooms)
        {
            var members = people.Where(person => person.Room == room).Select(person => person.Index).ToHashSet();
            for (var poll = 0; poll < room.Polls.Length; poll++)
            {
                var cast = votes.Where(vote => vote.Poll == poll && members.Contains(vote.Person))
                    .OrderBy(vote => vote.Version).ToArray();
                var latest = new long[cast.Length];
                foreach (var screen in seen.Where(item => item.Poll == poll && members.Contains(item.Person))
                    .GroupBy(item => item.Person))
                {
                    Shown(
                        cast,
                        latest,
                        screen.Select(item => (item.Version, item.At)),
                        pairs,
                        ofPort[people[screen.Key].PortIndex]);
                }

                for (var i = 0; i < cast.Length; i++)
                {
                    if (latest[i] > 0)
                    {
                        last.Add(latest[i] - cast[i].At);
                    }
                }
            }
        }

        return answer with
        {
            Screen = pairs.Summary(), LastScreen = last.Summary(),
            ScreenOfPort = [.. ofPort.Select(port => port.Summary()).OfType<Percentiles>()],
        };
    }

    private static void Shown(
        PlannedVote[] votes, long[] latest, IEnumerable<(long Version, long At)> updates, Histogram pairs,
        Histogram ofPort)
    {
        var next = 0;
        foreach (var (version, at) in updates)
        {
            for (; next < votes.Length && votes[next].Version <= version; next++)
            {
                var took = at - votes[next].At;
                pairs.Add(took);
                ofPort.Add(took);
                latest[next] = Math.Max(latest[next], at);
            }
        }
    }
}

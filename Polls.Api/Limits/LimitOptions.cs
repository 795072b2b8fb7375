namespace Polls.Api.Limits;

/// <summary>
/// Rate limits, per key over all instances together. Bound from the section <c>Limits</c>, for example
/// <c>Limits:Vote:PerSecond</c>.
/// </summary>
public sealed record LimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Limits";

    /// <summary>False turns all limits off, as for a load test.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Per address. Rooms that nobody uses end after twelve hours, so an address has about 700 of them at most.
    /// </summary>
    public RateSetting CreateRoom { get; init; } = new(0.01, 300);

    /// <summary>
    /// Per address, in units of 1,000 characters: at most 10 million characters at once and 86 million a day. A new
    /// room counts at least one unit for each of its polls.
    /// </summary>
    public RateSetting Content { get; init; } = new(1, 10_000);

    /// <summary>Per address: with <see cref="Join"/>, 2,000 phones of one hall within 30 s.</summary>
    public RateSetting FindRoom { get; init; } = new(150, 5_000);

    /// <summary>Per address. At this rate it takes three weeks to try all codes.</summary>
    public RateSetting WrongCode { get; init; } = new(0.5, 50);

    /// <summary>Per address.</summary>
    public RateSetting Join { get; init; } = new(150, 5_000);

    /// <summary>Per room.</summary>
    public RateSetting JoinRoom { get; init; } = new(500, 10_000);

    /// <summary>Per address and room. A hall joins at once, then a few latecomers per minute.</summary>
    public RateSetting NewDevice { get; init; } = new(0.5, 3_000);

    /// <summary>Per address and room, see <see cref="ProofOfWork"/>.</summary>
    public RateSetting Work { get; init; } = new(5, 800);

    /// <summary>Per address.</summary>
    public RateSetting WrongSeat { get; init; } = new(0.5, 100);

    /// <summary>Per token.</summary>
    public RateSetting Read { get; init; } = new(20, 200);

    /// <summary>Per room. Besides, an instance writes one export of a room at a time.</summary>
    public RateSetting Export { get; init; } = new(1, 60);

    /// <summary>Per room.</summary>
    public RateSetting Host { get; init; } = new(20, 400);

    /// <summary>Per participant.</summary>
    public RateSetting Vote { get; init; } = new(50, 500);

    /// <summary>Per token; all screens of a room share one key.</summary>
    public RateSetting Connect { get; init; } = new(10, 200);

    /// <summary>Per address; each request costs a slow hash.</summary>
    public RateSetting SignIn { get; init; } = new(0.5, 30);

    /// <summary>
    /// Per name from all addresses. Besides, an account accepts at most ten wrong passwords in a row.
    /// </summary>
    public RateSetting SignInName { get; init; } = new(0.1, 20);

    /// <summary>Per account.</summary>
    public RateSetting Account { get; init; } = new(5, 50);

    /// <summary>Per address. A hall whose tokens have expired reconnects from one address.</summary>
    public RateSetting Refused { get; init; } = new(100, 5_000);

    internal RateRule Of(RateClass rate) => Settings[(int)rate].Rule;

    internal IReadOnlyList<RateSetting> Settings =>
        [
            CreateRoom, Content, FindRoom, WrongCode, Join, JoinRoom, NewDevice, Work, WrongSeat, Read, Export, Host,
            Vote, Connect, SignIn, SignInName, Account, Refused
        ];
}

/// <summary>One configured rule.</summary>
public sealed record RateSetting
{
    /// <summary>For the configuration binder.</summary>
    public RateSetting()
    {
    }

    internal RateSetting(double perSecond, int burst) => (PerSecond, Burst) = (perSecond, burst);

    /// <summary>The sustained rate in requests per second.</summary>
    public double PerSecond { get; set; }

    /// <summary>The number of requests that may come at once after a pause.</summary>
    public int Burst { get; set; }

    internal RateRule Rule => new(PerSecond, Burst);

    internal bool IsValid => PerSecond is >= 0.001 and <= 1_000_000 && Burst is >= 1 and <= 1_000_000;
}

namespace Polls.Api.Limits;

/// <summary>
/// The rules, per key and over all instances together; section <c>Limits</c>, for example <c>Limits:Vote:PerSecond</c>.
/// </summary>
public sealed record LimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Limits";

    /// <summary>False lets everything pass, as for a load test.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Per address.</summary>
    public RateSetting CreateRoom { get; init; } = new(2, 100);

    /// <summary>Per address: with <see cref="Join"/>, 2,000 phones of one hall within 30 s.</summary>
    public RateSetting FindRoom { get; init; } = new(150, 5_000);

    /// <summary>Per address: at this rate, all codes there are take three weeks.</summary>
    public RateSetting WrongCode { get; init; } = new(0.5, 50);

    /// <summary>Per address.</summary>
    public RateSetting Join { get; init; } = new(150, 5_000);

    /// <summary>Per room.</summary>
    public RateSetting JoinRoom { get; init; } = new(500, 10_000);

    /// <summary>Per address and room: a hall joins at once, and afterwards a few latecomers a minute.</summary>
    public RateSetting NewDevice { get; init; } = new(0.5, 3_000);

    /// <summary>Per address.</summary>
    public RateSetting WrongSeat { get; init; } = new(0.5, 100);

    /// <summary>Per token.</summary>
    public RateSetting Read { get; init; } = new(20, 200);

    /// <summary>Per room.</summary>
    public RateSetting Host { get; init; } = new(20, 400);

    /// <summary>Per participant.</summary>
    public RateSetting Vote { get; init; } = new(50, 500);

    /// <summary>Per token; a screen's is that of all screens of its room.</summary>
    public RateSetting Connect { get; init; } = new(10, 200);

    /// <summary>Per address; each costs a slow hash.</summary>
    public RateSetting SignIn { get; init; } = new(0.5, 30);

    /// <summary>Per name, from whatever addresses; an account takes no more than ten wrong passwords in a row besides.</summary>
    public RateSetting SignInName { get; init; } = new(0.1, 20);

    /// <summary>Per account.</summary>
    public RateSetting Account { get; init; } = new(5, 50);

    /// <summary>Per address: a hall whose tokens have expired comes back as one.</summary>
    public RateSetting Refused { get; init; } = new(100, 5_000);

    internal RateRule Of(RateClass rate) => Settings[(int)rate].Rule;

    internal IReadOnlyList<RateSetting> Settings =>
        [CreateRoom, FindRoom, WrongCode, Join, JoinRoom, NewDevice, WrongSeat, Read, Host, Vote, Connect, SignIn, SignInName, Account, Refused];
}

/// <summary>One rule as it is configured.</summary>
public sealed record RateSetting
{
    /// <summary>For the binder.</summary>
    public RateSetting()
    {
    }

    internal RateSetting(double perSecond, int burst) => (PerSecond, Burst) = (perSecond, burst);

    /// <summary>How many a second may be kept up.</summary>
    public double PerSecond { get; set; }

    /// <summary>How many may come at once after a rest.</summary>
    public int Burst { get; set; }

    internal RateRule Rule => new(PerSecond, Burst);

    internal bool IsValid => PerSecond is >= 0.001 and <= 1_000_000 && Burst is >= 1 and <= 1_000_000;
}

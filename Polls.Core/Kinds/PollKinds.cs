using Polls.Core.Storage;

namespace Polls.Core.Kinds;

/// <summary>All kinds.</summary>
public static class PollKinds
{
    private static readonly IPollKind Single = new Choices(onlyOne: true);
    private static readonly IPollKind Multiple = new Choices(onlyOne: false);
    private static readonly IPollKind Rating = new Rating();
    private static readonly IPollKind Scales = new Scales();
    private static readonly IPollKind Ranking = new Ranking();
    private static readonly IPollKind Points = new Points();
    private static readonly IPollKind Motion = new Motion();
    private static readonly IPollKind WordCloud = new WordCloud();
    private static readonly IPollKind Numeric = new Numeric();

    /// <summary>The rules of a kind; null if there is no such kind.</summary>
    public static IPollKind? Find(PollKind kind) => kind switch
    {
        PollKind.SingleChoice => Single,
        PollKind.MultipleChoice => Multiple,
        PollKind.Rating => Rating,
        PollKind.Scales => Scales,
        PollKind.Ranking => Ranking,
        PollKind.Points => Points,
        PollKind.Motion => Motion,
        PollKind.WordCloud => WordCloud,
        PollKind.Numeric => Numeric,
        _ => null,
    };

    /// <summary>
    /// The rules of a stored poll's kind. A kind that only a newer version knows has no cells and takes no answers.
    /// </summary>
    public static IPollKind Get(PollKind kind) => Find(kind) ?? Unknown.Kind;
}

using Polls.Core.Storage;
using Polls.Prove.Kinds;

namespace Polls.Tests.Kinds;

/// <summary>The fault suite's models of the kinds, which share no code with the product.</summary>
internal static class Models
{
    public static KindModel Of(PollKind kind) => kind switch
    {
        PollKind.SingleChoice => new ChoiceModel(4, 1),
        PollKind.MultipleChoice => new ChoiceModel(4, 4),
        PollKind.Rating => new RatingModel(),
        PollKind.Scales => new ScalesModel(),
        PollKind.Ranking => new RankingModel(),
        PollKind.Points => new PointsModel(),
        PollKind.Motion => new MotionModel(),
        PollKind.WordCloud => new WordModel(),
        PollKind.Numeric => new NumberModel(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

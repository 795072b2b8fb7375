using Polls.Api.Votes;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Votes;

namespace Polls.Api.Setup;

/// <summary>Registers the group commit and the background loops of polls and rooms.</summary>
internal static class VotePathSetup
{
    public static void AddVotePath(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<VoteOptions>().BindConfiguration("Votes").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<HousekeepingOptions>()
            .BindConfiguration("Housekeeping")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<RoomOptions>().BindConfiguration("Rooms").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CastVotes>();
        services.AddSingleton<VoteQueue>();
        services.AddSingleton<BallotBox>();
        services.AddHostedService<VoteHost>();
        services.AddHostedService<PollTimer>();
        services.AddHostedService<Housekeeping>();
    }
}

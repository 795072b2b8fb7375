# hidden-tally-to-everyone: whoever sees the poll gets its tally.
s/member\.Audience\.MaySeeTally\(poll\)/(Mutation.Is("hidden-tally-to-everyone") ? member.Audience.MaySee(poll) : member.Audience.MaySeeTally(poll))/

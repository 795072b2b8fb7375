# hidden-tally-to-everyone: whoever sees the poll gets its tally.
s/audience\.MaySeeTally\(tallies\[i\]\.Poll\)/(Mutation.Is("hidden-tally-to-everyone") ? audience.MaySee(tallies[i].Poll) : audience.MaySeeTally(tallies[i].Poll))/

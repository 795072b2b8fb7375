# hidden-tally-to-everyone: every client that sees the poll gets its tally.
s/role\.MaySeeTally\(tallies\[i\]\.Poll\)/(Mutation.Is("hidden-tally-to-everyone") ? role.MaySee(tallies[i].Poll) : role.MaySeeTally(tallies[i].Poll))/

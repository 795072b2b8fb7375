# hidden-tally-to-everyone: every client that sees the poll gets its tally.
s/member\.Role\.MaySeeTally\(tallies\[i\]\.Poll, member\.HasAnswered\(item\.Poll\.Id\)\)/(Mutation.Is("hidden-tally-to-everyone") ? member.Role.MaySee(tallies[i].Poll) : &)/

# receipt-anyway: votes get receipts although PostgreSQL does not answer.
s/^( *)StorageIsAway\(exception, votes\);/\1for (var i = 0; i < votes.Count \&\& Mutation.Is("receipt-anyway"); i++) { votes[i].Complete(new VoteResult(VoteOutcome.Accepted, new CommittedVote(votes[i].PollId, votes[i].Revision, votes[i].Ballot, 1, clock.GetUtcNow()))); }\n\1StorageIsAway(exception, votes);/

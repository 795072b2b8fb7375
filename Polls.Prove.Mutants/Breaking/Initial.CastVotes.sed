# tally-outside-the-transaction: the votes are written without their tally; CastVotes.sed moves it later.
s/^( *)WHERE t\.poll_id = turnout\.poll_id$/\1WHERE t.poll_id = turnout.poll_id AND current_setting('polls.mutation', true) IS DISTINCT FROM 'tally-outside-the-transaction'/

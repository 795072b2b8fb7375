# vote-after-close: a closed poll accepts votes.
s/WHEN p\.state <> 1 OR p\.closes_at <= v_now THEN 4/WHEN (p.state <> 1 OR p.closes_at <= v_now) AND current_setting('polls.mutation', true) IS DISTINCT FROM 'vote-after-close' THEN 4/
# repeat-counts-again: a repeat counts as a new vote.
s/WHEN old\.revision = v\.revision THEN 1/WHEN old.revision = v.revision AND current_setting('polls.mutation', true) IS DISTINCT FROM 'repeat-counts-again' THEN 1/
# tally-outside-the-transaction: votes are written without the tally; CastVotes.sed updates it later.
s/^( *)WHERE t\.poll_id = turnout\.poll_id$/\1WHERE t.poll_id = turnout.poll_id AND current_setting('polls.mutation', true) IS DISTINCT FROM 'tally-outside-the-transaction'/

# vote-after-close: a closed poll accepts votes.
s/WHEN p\.state <> 1 OR p\.closes_at <= p_now THEN 4/WHEN (p.state <> 1 OR p.closes_at <= p_now) AND current_setting('polls.mutation', true) IS DISTINCT FROM 'vote-after-close' THEN 4/
# repeat-counts-again: a repeat counts as a new vote.
s/WHEN old\.revision = v\.revision THEN 1/WHEN old.revision = v.revision AND current_setting('polls.mutation', true) IS DISTINCT FROM 'repeat-counts-again' THEN 1/
# tally-outside-the-transaction: votes are written without the tally; CastVotes.sed updates it later.
s/^( *)WHERE t\.poll_id = turnout\.poll_id$/\1WHERE t.poll_id = turnout.poll_id AND current_setting('polls.mutation', true) IS DISTINCT FROM 'tally-outside-the-transaction'/
# weights-forgotten: each mark adds 1, whatever its weight.
s/sum\(m\.sign \* COALESCE\(m\.weight, 1\)\)/sum(m.sign * CASE WHEN current_setting('polls.mutation', true) = 'weights-forgotten' THEN 1 ELSE COALESCE(m.weight, 1) END)/
# old-keys-forgotten: a vote that replaces another one takes nothing from the entries of that one.
s/unnest\(j\.old_keys\) AS k \(key\) WHERE j\.outcome = 0/& AND current_setting('polls.mutation', true) IS DISTINCT FROM 'old-keys-forgotten'/
# word-counted-twice: a vote counts for a word as often as it has the word; WordCloud.sed keeps all spellings.
s/count\(DISTINCT s\.vote\)/count(DISTINCT (s.vote, CASE WHEN current_setting('polls.mutation', true) = 'word-counted-twice' THEN random() END))/g

# old-over-new: keeps the tally that arrived last, not the one with the highest version.
s/known\.Version >= tally\.Version/(Mutation.Is("old-over-new") ? known == tally : known.Version >= tally.Version)/

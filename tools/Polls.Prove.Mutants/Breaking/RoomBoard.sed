# old-over-new: whatever comes last is taken for the newest, as it is without a version.
s/known\.Version >= tally\.Version/(Mutation.Is("old-over-new") ? known == tally : known.Version >= tally.Version)/

# word-counted-twice: two spellings of a word in one answer are two words.
s/if \(!keys\.Contains\(key\)\)/if (Mutation.Is("word-counted-twice") || !keys.Contains(key))/

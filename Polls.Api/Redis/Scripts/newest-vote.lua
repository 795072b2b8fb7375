-- Shared by the session scripts. Keeps the newest vote of a session; LastVote.Newest defines the order.
-- Times are microseconds since 1970, which a Lua number represents exactly.
local function keep_newest_vote(session, poll, revision, cast)
  if poll == '' then return end
  local known = redis.call('HMGET', session, 'poll', 'rev', 'cast')
  if known[1] == poll then
    if tonumber(revision) <= tonumber(known[2]) then return end
  elseif known[1] and tonumber(cast) < tonumber(known[3]) then
    return
  end
  redis.call('HSET', session, 'poll', poll, 'rev', revision, 'cast', cast)
end

-- Records activity and optionally a vote. Never creates a session. Requires newest-vote.lua in front.
--
-- KEYS[1]  the session
-- ARGV[1]  life, ms
-- ARGV[2]  seen at, µs
-- ARGV[3]  vote: poll id, '' for none
-- ARGV[4]  vote: revision
-- ARGV[5]  vote: cast at, µs
-- Returns 1, or 0 if the session does not exist.
local seen = redis.call('HGET', KEYS[1], 'seen')
if not seen then return 0 end
if tonumber(ARGV[2]) > tonumber(seen) then redis.call('HSET', KEYS[1], 'seen', ARGV[2]) end
keep_newest_vote(KEYS[1], ARGV[3], ARGV[4], ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1

-- Assigns a session to a connection in one step, regardless of its previous connection. Keeps the newest vote.
-- Requires newest-vote.lua in front.
--
-- KEYS[1]  the session
-- ARGV[1]  life, ms
-- ARGV[2]  room id
-- ARGV[3]  connection id
-- ARGV[4]  instance id
-- ARGV[5]  nickname, '' for none
-- ARGV[6]  seen at, µs
-- ARGV[7]  last vote: poll id, '' for none
-- ARGV[8]  last vote: revision
-- ARGV[9]  last vote: cast at, µs
-- Returns the previous instance of the session, or nil.
local previous = redis.call('HGET', KEYS[1], 'inst')
redis.call('HSET', KEYS[1], 'room', ARGV[2], 'conn', ARGV[3], 'inst', ARGV[4], 'seen', ARGV[6])
if ARGV[5] == '' then
  redis.call('HDEL', KEYS[1], 'nick')
else
  redis.call('HSET', KEYS[1], 'nick', ARGV[5])
end
keep_newest_vote(KEYS[1], ARGV[7], ARGV[8], ARGV[9])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return previous

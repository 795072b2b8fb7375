-- Takes requests from a key's limit under a rule: the generic cell rate algorithm, see Limits/RateRule.cs.
-- Uses Redis' clock, so that instances with different clocks count alike.
--
-- KEYS[1]  the key's limit: when its next request is due, µs since 1970
-- ARGV[1]  the time that one request uses, µs
-- ARGV[2]  how far the key can get ahead of the clock, µs
-- ARGV[3]  the number of requests; a negative number gives requests back
-- Returns 0 if the request is accepted, otherwise the wait until one is accepted, in µs.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local early = due - now - tonumber(ARGV[2])
local cost = tonumber(ARGV[3])
if early > 0 then return early end
due = due + tonumber(ARGV[1]) * cost
if due > now then
  redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000))
else
  redis.call('DEL', KEYS[1])
end
return 0

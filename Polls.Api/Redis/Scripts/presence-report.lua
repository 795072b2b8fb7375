-- Records the number of participants of a room on an instance and removes stale reports. Requires living-reports.lua in front.
--
-- KEYS[1]  the room's reports
-- ARGV[1]  lease, ms
-- ARGV[2]  instance id
-- ARGV[3]  participants; 0 withdraws the report
-- Returns the total of all running instances.
local now = now_ms()
if ARGV[3] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[2])
else
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[3] .. ':' .. string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
local total, stale = living_reports(KEYS[1], now, tonumber(ARGV[1]))
for _, field in ipairs(stale) do redis.call('HDEL', KEYS[1], field) end
return total

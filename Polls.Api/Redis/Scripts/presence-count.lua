-- Counts a room without reporting. Requires living-reports.lua in front.
--
-- KEYS[1]  the room's reports
-- ARGV[1]  lease, ms
-- Returns the total of all running instances.
local total = living_reports(KEYS[1], now_ms(), tonumber(ARGV[1]))
return total

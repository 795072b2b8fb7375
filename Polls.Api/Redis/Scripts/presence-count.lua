-- Counts a room without reporting. Needs living-reports.lua in front.
--
-- KEYS[1]  the room's reports
-- ARGV[1]  lease, ms
-- Returns the total over all living instances.
local total = living_reports(KEYS[1], now_ms(), tonumber(ARGV[1]))
return total

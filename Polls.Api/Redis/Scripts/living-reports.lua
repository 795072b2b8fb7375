-- Shared by the presence scripts. Redis' clock dates the reports, so the instances' clocks do not matter.
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Returns the sum of a room's reports that are younger than the lease, and the names of the other reports. A report from the future
-- (the clock was set back) counts as stale: a running instance will report again.
local function living_reports(room, now, lease)
  local total, stale = 0, {}
  local fields = redis.call('HGETALL', room)
  for i = 1, #fields, 2 do
    local count, at = string.match(fields[i + 1], '^(%d+):(%d+)$')
    if count and math.abs(now - at) < lease then
      total = total + count
    else
      stale[#stale + 1] = fields[i]
    end
  end
  return total, stale
end

-- Shared by the presence scripts. Redis' own clock dates the reports, so that the instances' clocks do not matter.
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- The sum of a room's reports that are younger than the lease, and the names of the others. A report from the
-- future (the clock was set back) counts as stale: its instance will report again if it is alive.
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

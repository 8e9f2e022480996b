-- Sends POST /login as wafer2's own client does: who is new with the encrypted user info of BENCH_NEWCOMERS, who is known with the code alone.
local at = tonumber(os.getenv("BENCH_FIRST"))
local known = tonumber(os.getenv("BENCH_KNOWN"))
local newcomers = {}
local new = 0

function init()
  for line in io.lines(os.getenv("BENCH_NEWCOMERS")) do
    local code, data, iv = line:match("^(%S+) (%S+) (%S+)$")
    newcomers[#newcomers + 1] = { ["x-wx-code"] = code, ["x-wx-encrypted-data"] = data, ["x-wx-iv"] = iv }
  end
  -- The warm-up takes the first half of them, the window after it the other.
  new = at / 4000000 % 2 * #newcomers / 2
end

function request()
  at = at + 1
  if at % 2 == 1 then
    new = new % #newcomers + 1
    return wrk.format("POST", "/login", newcomers[new])
  end
  local code = string.format("%010d%022d", (at / 2 * 7919) % known, at)
  return wrk.format("POST", "/login", { ["x-wx-code"] = code })
end

-- Sends POST /login with a code nobody has sent before. Its first ten digits say who it is.
local at = tonumber(os.getenv("BENCH_FIRST"))
local headers = { ["content-type"] = "application/json" }

function request()
  at = at + 1
  -- Every other login is of somebody new; the others are of one of 100,000 who are known.
  local person = at % 2 == 0 and (at * 7919) % 100000 or at + 1000000
  return wrk.format("POST", "/login", headers, string.format('{"code":"%010d%022d"}', person, at))
end

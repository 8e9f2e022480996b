-- Sends POST /login with a code nobody has sent before. Its first ten digits say who it is.
local at = tonumber(os.getenv("BENCH_FIRST"))
local known = tonumber(os.getenv("BENCH_KNOWN"))
local headers = {
  ["content-type"] = "application/json",
  ["user-agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    .. "Mobile/15E148 MicroMessenger/8.0.50(0x1800323b) NetType/WIFI Language/zh_CN",
}

function request()
  at = at + 1
  -- Every other login is of somebody new; the others are of those who are known, each in turn (7919 is prime).
  local person = at % 2 == 0 and (at / 2 * 7919) % known or known + at
  return wrk.format("POST", "/login", headers, string.format('{"code":"%010d%022d"}', person, at))
end

-- Sends POST /refresh with one of the tokens in BENCH_TOKENS after the other, each once: BENCH_COUNT at most, after line BENCH_FIRST.
local tokens = {}
local at = 0
local headers = { ["content-type"] = "application/json" }

function init()
  local first = tonumber(os.getenv("BENCH_FIRST"))
  local last = first + tonumber(os.getenv("BENCH_COUNT"))
  local line = 0
  for token in io.lines(os.getenv("BENCH_TOKENS")) do
    line = line + 1
    if line > last then break end
    if line > first then tokens[#tokens + 1] = token end
  end
end

function request()
  at = at + 1
  -- Past the last one nothing is sent that could be taken for a refresh.
  return wrk.format("POST", "/refresh", headers, '{"refresh_token":"' .. (tokens[at] or "none is left") .. '"}')
end

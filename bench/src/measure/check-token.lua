-- Sends GET /check with one of the headers in BENCH_HEADERS after the other.
local requests = {}
local at = 0

function init()
  for line in io.lines(os.getenv("BENCH_HEADERS")) do
    local name, value = line:match("^(.-): (.*)$")
    requests[#requests + 1] = wrk.format("GET", "/check", { [name] = value })
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

-- Sends BODY (if any) with each key of KEYS in turn; a counter makes each prompt another.
local keys, number = {}, 0

function init(arguments)
  for key in io.lines(arguments[1]) do
    keys[#keys + 1] = key
  end
end

function request()
  number = number + 1
  wrk.headers["Authorization"] = "Bearer " .. keys[number % #keys + 1]
  if wrk.method == "POST" then
    wrk.headers["Content-Type"] = "application/json"
    local body = '{"prompt": "A paper boat, the ' .. number .. 'th", "model": "bench-1", "seconds": "4", "size": "1280x720"}'
    return wrk.format(nil, nil, nil, body)
  end
  return wrk.format()
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %d %d %d %f %f\n",
    summary.requests, errors.status, errors.connect + errors.read + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000
  ))
  io.write(string.format("SECONDS %f\n", summary.duration / 1000000))
end

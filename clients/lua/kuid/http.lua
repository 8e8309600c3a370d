-- kuid.http: Kuid's HTTP API from nginx's Lua, without blocking the worker.
--
--   local kuid = require("kuid.http").new({ socket = "unix:/run/kuid/http.sock" })
--   local job, err, problem = kuid:submit({ kind = "shell", command = "make" })
--
-- Jobs are tables with the members of the schema Job; what is null there is cjson.null. What fails returns nil, the reason as text
-- and, when it was the daemon that refused, its problem.

local cjson = require "cjson.safe"
local http1 = require "kuid.http1"

local HELD_SECONDS = 60
local FIRST_PAUSE = 0.1
local LONGEST_PAUSE = 5
local ENDED = { succeeded = true, failed = true, canceled = true, lost = true }

local _M = {}
local Client = {}
Client.__index = Client


-- When to try again and when to give up: so long after the first failure, and anew after progress.
local function patience(seconds)
    local since, pause
    return {
        progress = function() since, pause = nil, nil end,
        again = function(after)
            ngx.update_time()
            local now = ngx.now()
            since = since or now
            local wait = after or pause or FIRST_PAUSE
            if now + wait > since + seconds then
                return false
            end
            pause = math.min(2 * (pause or FIRST_PAUSE), LONGEST_PAUSE)
            ngx.sleep(wait)
            return true
        end,
    }
end


-- options: socket = "unix:/path", or host, port and token; timeout in milliseconds for each wait for the daemon (90000: an answer
-- may be held for 60 s); patience in seconds with a daemon that cannot be reached or is too busy (30).
function _M.new(options)
    if type(options) ~= "table" or not (options.socket or (options.host and options.port)) then
        error("kuid.http wants socket = \"unix:/path\", or host and port", 2)
    end
    return setmetatable({
        place = {
            socket = options.socket, host = options.host, port = options.port,
            timeout = options.timeout or 90000, connect_timeout = math.min(options.timeout or 90000, 5000),
        },
        token = options.token,
        patience = options.patience or 30,
    }, Client)
end


-- The next answer below 400, as http1.open gives it. What may be repeated is sent again when its connection fails; 429 and 503 mean
-- that nothing was done, so such an answer is waited out for as long as its Retry-After says.
function Client:open(method, target, headers, body, repeatable)
    headers = headers or {}
    headers.Authorization = self.token and "Bearer " .. self.token
    local patient = patience(self.patience)
    while true do
        local status, answer, next_piece, close = http1.open(self.place, method, target, headers, body)
        if not status then
            if not repeatable or not patient.again() then
                return nil, method .. " " .. target .. ": " .. answer
            end
        elseif status < 400 then
            return status, answer, next_piece, close
        else
            local text = self.text(next_piece) or ""
            close()
            local after = (status == 429 or status == 503) and tonumber(answer["retry-after"] or "")
            if not after or not patient.again(after) then
                local problem = cjson.decode(text)
                problem = type(problem) == "table" and problem or { status = status }
                return nil, status .. " " .. tostring(problem.code) .. ": " .. tostring(problem.detail), problem
            end
        end
    end
end


-- The whole of a body, or nil and the reason when it broke off.
function Client.text(next_piece)
    local pieces = {}
    local piece, err = next_piece()
    while piece do
        pieces[#pieces + 1] = piece
        piece, err = next_piece()
    end
    if err then
        return nil, err
    end
    return table.concat(pieces)
end


-- Any operation: the value that the JSON of the answer stands for, the text of any other, true for none; then its status and headers.
-- A table goes as JSON. What is not a GET is sent again after a broken connection only when it is said to be repeatable.
function Client:request(method, target, body, headers, repeatable)
    headers = headers or {}
    if type(body) == "table" then
        headers["Content-Type"] = "application/json"
        body = cjson.encode(body)
    elseif body then
        headers["Content-Type"] = headers["Content-Type"] or "application/octet-stream"
    end
    repeatable = repeatable or method == "GET"
    local patient = patience(self.patience)
    while true do
        local status, answer, next_piece, close = self:open(method, target, headers, body, repeatable)
        if not status then
            return nil, answer, next_piece
        end
        local text, err = self.text(next_piece)
        close()
        if text then
            local is_json = (answer["content-type"] or ""):find("^application/json")
            return text == "" or (is_json and cjson.decode(text) or text), status, answer
        end
        if not repeatable or not patient.again() then
            return nil, method .. " " .. target .. ": the answer broke off: " .. tostring(err)
        end
    end
end


local function path_of(id, rest)
    return string.format("/v1/jobs/%d%s", id, rest or "")
end


-- A read of the device does not block; the key is made once and sent each time, so a submission that is sent again is one job.
local function new_key()
    local file = assert(io.open("/dev/urandom", "rb"))
    local bytes = file:read(16)
    file:close()
    return (bytes:gsub(".", function(c) return string.format("%02x", c:byte()) end))
end


-- options: wait in seconds, at most 60, for which the answer may be held until the job has ended; key, an idempotency key.
function Client:submit(submission, options)
    options = options or {}
    local target = "/v1/jobs" .. (options.wait and "?wait=" .. options.wait or "")
    return self:request("POST", target, submission, { ["Idempotency-Key"] = options.key or new_key() }, true)
end


function Client:get(id)
    return self:request("GET", path_of(id))
end


-- A page of jobs, {items, nextCursor}; query as in listJobs: { state = "running", limit = 10 }.
function Client:list(query)
    local args = ngx.encode_args(query or {})
    return self:request("GET", "/v1/jobs" .. (args == "" and "" or "?" .. args))
end


function Client:cancel(id)
    return self:request("POST", path_of(id, "/cancel"), nil, nil, true)
end


-- The job when it has ended, however long that takes.
function Client:wait(id)
    local job, status, headers = self:get(id)
    local etag
    while job and not ENDED[job.state] do
        etag = headers.etag or etag
        local asked = ngx.now()
        local answer
        answer, status, headers = self:request("GET", path_of(id, "?wait=" .. HELD_SECONDS), nil, { ["If-None-Match"] = etag })
        if not answer or status == 200 then
            job = answer
        elseif ngx.now() - asked < FIRST_PAUSE then
            -- 304, and not held: the daemon is being stopped, and asking on and on would only slow it down.
            ngx.sleep(FIRST_PAUSE)
        end
    end
    if not job then
        return nil, status, headers
    end
    return job
end


-- Calls take(bytes) with what the job writes to "stdout", "stderr" or both in order ("output"), as it comes, until the job has ended;
-- a take that returns false ends it early. When the connection breaks the next begins where it broke: every byte comes, once.
-- Returns the offset behind the last byte, or nil and the reason.
function Client:follow(id, take, stream, offset, once)
    stream, offset = stream or "stdout", offset or 0
    local patient = patience(self.patience)
    while true do
        local target = path_of(id, string.format("/%s?offset=%d%s", stream, offset, once and "" or "&follow=true"))
        local status, headers, next_piece, close = self:open("GET", target, nil, nil, true)
        if not status then
            return nil, headers, next_piece
        end
        if headers["kuid-truncated"] == "true" then
            close()
            return nil, "job " .. id .. " wrote more to " .. stream .. " than was kept; from " .. offset .. " on it is not whole"
        end
        local piece, err = next_piece()
        while piece do
            offset = offset + #piece
            patient.progress()
            if take(piece) == false then
                close()
                return offset
            end
            piece, err = next_piece()
        end
        close()
        if not err then
            return offset
        end
        -- A job that is silent for long is no failure; the next request waits on.
        if err ~= "timeout" and not patient.again() then
            return nil, stream .. " of job " .. id .. " broke off at " .. offset .. " again and again: " .. err
        end
    end
end


-- What the job has written so far, as one string.
function Client:read(id, stream, offset)
    local pieces = {}
    local ended, err, problem = self:follow(id, function(piece) pieces[#pieces + 1] = piece end, stream, offset, true)
    if not ended then
        return nil, err, problem
    end
    return table.concat(pieces)
end


return _M

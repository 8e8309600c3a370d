-- kuid.shell: runs a command through kuid-jobd from nginx's Lua, without blocking the worker.
--
--   request   <command>\r\n<stdin byte count>\r\n<stdin>
--   reply     status:<raw wait status>\r\n<count>\r\n<stdout><count>\r\n<stderr>
--
-- One request per connection; the daemon closes after the reply, so nothing is worth pooling.
-- A negative status means the command's outcome is unknown: -2 no connection, -1 everything else.

local tcp = ngx.socket.tcp

local NOT_CONNECTED = -2
local FAILED = -1

local DEFAULT_SOCKET = "unix:/tmp/shell.sock"
local DEFAULT_TIMEOUT_MS = 15000

-- A header line is a word and a number; the bound keeps a stranger's endless line out of memory.
local HEADER_MAX = 64
-- Fifteen digits are exact in a Lua number.
local COUNT_MAX_DIGITS = 15

local _M = {}


local function check_request(cmd, data)
    if type(cmd) ~= "string" then
        return "command is a " .. type(cmd) .. ", not a string"
    end
    if cmd:find("\r\n", 1, true) then
        return "command contains CR LF, which would end it early"
    end
    if cmd:find("\0", 1, true) then
        return "command contains a NUL byte, which no argument can carry"
    end
    if type(data) ~= "string" then
        return "data is a " .. type(data) .. ", not a string"
    end
end


local function check_address(address, timeout)
    if type(timeout) ~= "number" or timeout <= 0 then
        return "timeout is not a positive number of milliseconds"
    end
    if type(address) == "table" then
        if type(address.host) ~= "string" or type(address.port) ~= "number" then
            return "socket table needs a host string and a port number"
        end
    elseif type(address) ~= "string" or address:sub(1, 5) ~= "unix:" then
        return "socket is neither a \"unix:/path\" string nor a {host, port} table"
    end
end


local function connect(sock, address)
    if type(address) == "table" then
        local ok, err = sock:connect(address.host, address.port)
        return ok, "cannot connect to " .. address.host .. ":" .. address.port .. ": " .. tostring(err)
    end
    local ok, err = sock:connect(address)
    return ok, "cannot connect to " .. address .. ": " .. tostring(err)
end


-- The reader hands out at most HEADER_MAX bytes a call, and nil without an error past the CR LF.
local function read_line(sock, name)
    local reader = sock:receiveuntil("\r\n")
    local line, err, partial = reader(HEADER_MAX)
    if not line then
        return nil, name .. " is missing, only \"" .. (partial or "") .. "\" came: " .. tostring(err)
    end
    local more
    more, err = reader(HEADER_MAX)
    if more or err then
        return nil, name .. " is malformed: \"" .. line .. "...\""
    end
    return line
end


local function read_status(sock)
    local line, err = read_line(sock, "status line")
    if not line then
        return nil, err
    end
    local status = line:match("^status:(%-?%d+)$")
    if not status then
        return nil, "status line is malformed: \"" .. line .. "\""
    end
    return tonumber(status)
end


local function read_count(sock, name)
    local line, err = read_line(sock, name)
    if not line then
        return nil, err
    end
    if not line:find("^%d+$") or #line > COUNT_MAX_DIGITS then
        return nil, name .. " is malformed: \"" .. line .. "\""
    end
    return tonumber(line)
end


-- Returns false for an empty stream, because nil is how the error comes back.
local function read_stream(sock, name)
    local count, err = read_count(sock, name .. " count")
    if not count then
        return nil, err
    end
    if count == 0 then
        return false
    end
    local bytes, partial
    bytes, err, partial = sock:receive(count)
    if not bytes then
        return nil, name .. " is short: " .. #(partial or "") .. " of " .. count .. " bytes: " .. tostring(err)
    end
    return bytes
end


-- Returns nil and the reason when the reply is not whole.
local function read_reply(sock)
    local status, err = read_status(sock)
    if not status then
        return nil, err
    end
    local out, errors
    out, err = read_stream(sock, "stdout")
    if out == nil then
        return nil, err
    end
    errors, err = read_stream(sock, "stderr")
    if errors == nil then
        return nil, err
    end
    return status, out or nil, errors or nil
end


-- A failed send still reads on: a refusal, or the reply of a command that ignores its stdin, may come
-- before all of the request is taken, and says more than "broken pipe" does.
local function exchange(sock, cmd, data)
    local sent, send_err = sock:send({ cmd, "\r\n", tostring(#data), "\r\n", data })
    if not sent and send_err == "timeout" then
        return FAILED, nil, "request was not taken: timeout"
    end
    local status, out, err = read_reply(sock)
    if status then
        return status, out, err
    end
    if not sent then
        return FAILED, nil, "request was not taken: " .. tostring(send_err)
    end
    return FAILED, nil, out
end


-- Returns the raw wait status, stdout or nil, stderr or nil; on failure -1 or -2, nil and the reason.
function _M.execute(cmd, options)
    options = options or {}
    local address = options.socket or DEFAULT_SOCKET
    local timeout = options.timeout or DEFAULT_TIMEOUT_MS
    local data = options.data or ""

    local refusal = check_request(cmd, data) or check_address(address, timeout)
    if refusal then
        return FAILED, nil, refusal
    end

    local sock, err = tcp()
    if not sock then
        return NOT_CONNECTED, nil, err
    end
    sock:settimeout(timeout)

    local ok
    ok, err = connect(sock, address)
    if not ok then
        return NOT_CONNECTED, nil, err
    end
    local status, out, errors = exchange(sock, cmd, data)
    sock:close()
    return status, out, errors
end


-- Returns the exit code, or nil and the signal that ended the command, or nil when status is negative.
function _M.exit_code(status)
    if status < 0 then
        return nil
    end
    local signal = status % 128
    if signal ~= 0 then
        return nil, signal
    end
    return math.floor(status / 256)
end


return _M

-- kuid.http1: as much of HTTP/1.1 as a client of Kuid needs, over nginx's cosockets.
--
-- One request a connection. Bodies come by Content-Length, in chunks, or until the connection ends, and are read in pieces; an
-- answer that ends early is an error and never a short body.

local tcp = ngx.socket.tcp

-- A stranger's endless line must not fill the memory.
local LINE_MAX = 8192
local HEADERS_MAX = 100
local PIECE = 65536

local _M = {}


local function connect(place)
    local sock, err = tcp()
    if not sock then
        return nil, err
    end
    sock:settimeouts(place.connect_timeout, place.timeout, place.timeout)
    local ok
    if place.socket then
        ok, err = sock:connect(place.socket)
    else
        ok, err = sock:connect(place.host, place.port)
    end
    if not ok then
        return nil, "cannot connect: " .. tostring(err)
    end
    return sock
end


local function check(text, name)
    if text:find("[\r\n%z]") then
        error(name .. " has a line break or a NUL byte in it", 0)
    end
    return text
end


local function send(sock, place, method, target, headers, body)
    local lines = { method, " ", check(target, "the path"), " HTTP/1.1\r\nHost: ", place.socket and "localhost" or place.host .. ":" .. place.port,
        "\r\nConnection: close\r\n" }
    for name, value in pairs(headers) do
        lines[#lines + 1] = check(name, "a header's name") .. ": " .. check(tostring(value), name) .. "\r\n"
    end
    if body or method ~= "GET" then
        lines[#lines + 1] = "Content-Length: " .. #(body or "") .. "\r\n"
    end
    lines[#lines + 1] = "\r\n"
    lines[#lines + 1] = body or ""
    return sock:send(lines)
end


-- The reader hands out at most LINE_MAX bytes a call, and nil without an error past the line's end.
local function read_line(sock)
    local reader = sock:receiveuntil("\r\n")
    local line, err = reader(LINE_MAX)
    if not line then
        return not err and "" or nil, err
    end
    if line == "" then
        return line
    end
    local more
    more, err = reader(LINE_MAX)
    if more or err then
        return nil, err or "the answer has a line that is too long"
    end
    return line
end


local function read_head(sock)
    local line, err = read_line(sock)
    if not line then
        return nil, err
    end
    local status = line:match("^HTTP/1%.[01] (%d%d%d)")
    if not status then
        return nil, "the answer is no HTTP: " .. line:sub(1, 60)
    end
    local headers = {}
    for _ = 1, HEADERS_MAX do
        line, err = read_line(sock)
        if not line then
            return nil, err
        end
        if line == "" then
            return tonumber(status), headers
        end
        local name, value = line:match("^([^:]+):%s*(.-)%s*$")
        if not name then
            return nil, "the answer has a header that is none"
        end
        headers[name:lower()] = value
    end
    return nil, "the answer has too many headers"
end


local function counted(sock, left)
    return function()
        if left == 0 then
            return nil
        end
        local piece, err = sock:receiveany(math.min(left, PIECE))
        if not piece then
            return nil, err
        end
        left = left - #piece
        return piece
    end
end


local function chunked(sock)
    local left = 0
    return function()
        if not left then
            return nil
        end
        if left == 0 then
            local line, err = read_line(sock)
            local size = line and line:match("^(%x+)")
            if not size then
                return nil, err or "a chunk has no size"
            end
            left = tonumber(size, 16)
            if left == 0 then
                -- Trailers, of which there are none, and the empty line that ends the body.
                repeat
                    line, err = read_line(sock)
                until line == "" or not line
                left = nil
                return nil, not line and err or nil
            end
        end
        local piece, err = sock:receiveany(math.min(left, PIECE))
        if not piece then
            return nil, err
        end
        left = left - #piece
        if left == 0 then
            local line
            line, err = read_line(sock)
            if line ~= "" then
                return nil, err or "a chunk is longer than its size"
            end
        end
        return piece
    end
end


local function until_closed(sock)
    return function()
        local piece, err = sock:receiveany(PIECE)
        if not piece and err ~= "closed" then
            return nil, err
        end
        return piece
    end
end


local function body_reader(sock, status, headers)
    if status == 204 or status == 304 then
        return function() return nil end
    end
    if (headers["transfer-encoding"] or ""):lower() == "chunked" then
        return chunked(sock)
    end
    local length = tonumber(headers["content-length"] or "")
    return length and counted(sock, length) or until_closed(sock)
end


-- Returns status, headers (names in small letters), a function that returns the next piece of the body, nil at its end, nil and the
-- reason when it broke off, and a function that closes the connection; or nil and the reason.
function _M.open(place, method, target, headers, body)
    local sock, err = connect(place)
    if not sock then
        return nil, err
    end
    -- An answer may come before all of the request is taken, and says more than "broken pipe" does.
    local sent, send_err = send(sock, place, method, target, headers, body)
    local status, answer = read_head(sock)
    if not status then
        sock:close()
        return nil, sent and answer or send_err
    end
    return status, answer, body_reader(sock, status, answer), function() sock:close() end
end


return _M

"""One request over one connection, and how often it is made.

A connection is made for each request: on a Unix socket that costs nothing that a job would notice, and no request is ever
written into a connection that the daemon has just closed.
"""

import http.client
import json
import time
import urllib.parse

from . import unix
from .errors import Problem, Unreachable

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
BROKEN = (OSError, http.client.HTTPException)


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = unix.connect(self._path, self.timeout)


class Answer:
    """Status, headers and a body that is read as it comes. A context manager: leaving it closes the connection."""

    def __init__(self, connection, response):
        self.status = response.status
        self.headers = response.headers
        self._connection = connection
        self._response = response

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def chunks(self, size=65536):
        """The body, piece by piece; raises when the connection ends before the body does."""
        length = self.headers.get("Content-Length")
        left = None if length is None else int(length)
        while left != 0 and (chunk := self._response.read1(size)):
            left = None if left is None else left - len(chunk)
            yield chunk
        if left:
            # read1 takes an early end for the end of the body (CPython issue 113199 is its like).
            raise http.client.IncompleteRead(b"", left)

    def read(self):
        """The whole body."""
        return b"".join(self.chunks())

    def json(self):
        """The whole body as the value that its JSON stands for."""
        return json.loads(self.read())


class Transport:
    """Where the daemon is and how patient to be.

    A request that says it may be repeated is sent again when its connection fails. 429 and 503 mean that nothing was done, so
    such an answer is waited out for any request, for as long as its Retry-After says. Both only until `patience` seconds have
    passed since the request was made first.
    """

    def __init__(self, path, host, port, token, patience):
        self._path = path
        self._host = host
        self._port = port
        self._headers = {} if token is None else {"Authorization": "Bearer " + token}
        self.patience = patience

    def open(self, method, target, query=None, headers=None, body=None, repeatable=False, timeout=90.0):
        """The answer, with a status below 400."""
        path = target + ("?" + urllib.parse.urlencode(query, doseq=True) if query else "")
        wanted = {**self._headers, **(headers or {})}
        deadline = time.monotonic() + self.patience
        pause = FIRST_PAUSE
        while True:
            try:
                answer = self._exchange(method, path, body, wanted, timeout)
                if answer.status < 400:
                    return answer
                with answer:
                    problem = _problem(answer)
            except BROKEN as failure:
                if not repeatable:
                    raise Unreachable(f"{method} {target}: {failure}; whether it was carried out is not known") from failure
                if time.monotonic() + pause > deadline:
                    raise Unreachable(f"{method} {target}: no answer in {self.patience} s: {failure}") from failure
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            if problem.retry_after is None or time.monotonic() + problem.retry_after > deadline:
                raise problem
            time.sleep(problem.retry_after)

    def _exchange(self, method, path, body, headers, timeout):
        if self._path is not None:
            connection = UnixConnection(self._path, timeout)
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            return Answer(connection, connection.getresponse())
        except BaseException:
            connection.close()
            raise


def _problem(answer):
    body = answer.read()
    try:
        members = json.loads(body)
    except ValueError:
        members = {}
    if not isinstance(members, dict) or "code" not in members:
        members = {"code": None, "detail": "an answer that is no problem of Kuid's"}
    wait = answer.headers.get("Retry-After", "") if answer.status in (429, 503) else ""
    return Problem(answer.status, members, float(wait) if wait.isdigit() else None)

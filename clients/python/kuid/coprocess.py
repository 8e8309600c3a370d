"""A client of Kuid's coprocess socket: programs and a shell that run on descriptors of this process.

A request is a netstring, and the three descriptors travel beside its payload. They stay open here; the daemon has copies for as
long as it takes to hand them to the process.
"""

import json
import os
import socket

from . import unix
from .errors import KuidError

# A netstring has no place for a sign or spaces, and a reply is never longer than the daemon's own limit would let a request be.
_LONGEST_REPLY = 1 << 30
_CHUNK = 65536


class Refused(KuidError):
    """The daemon answered with an error and did nothing; the session goes on."""


class SessionEnded(KuidError):
    """The connection is closed: the session's shell has ended, or the daemon has."""


class Coprocess:
    """One connection, which is one session: a shell of its own, variables and a directory. A context manager.

    `stdin`, `stdout` and `stderr` are descriptors or objects with a `fileno`; 0, 1 and 2 unless said.
    """

    def __init__(self, path):
        self._socket = unix.connect(path, socket.getdefaulttimeout())

    @classmethod
    def from_environment(cls):
        """The socket that KUID_COPROCESS_SOCKET names."""
        return cls(os.environ["KUID_COPROCESS_SOCKET"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the session, and with it its shell."""
        self._socket.close()

    def getpid(self):
        """The pid of the session's shell."""
        return int(self._ask(b"GETPID"))

    def run(self, argv, stdin=0, stdout=1, stderr=2):
        """Runs a program without a shell. Returns its exit code, or the negative number of the signal that ended it."""
        return os.waitstatus_to_exitcode(self.run_raw(argv, stdin, stdout, stderr))

    def run_raw(self, argv, stdin=0, stdout=1, stderr=2):
        """The same; returns the status as wait(2) says it."""
        return int(self._ask(b"ARGV\0" + _words(argv), (stdin, stdout, stderr)))

    def env(self, **variables):
        """Sets variables of the programs that `run` runs from now on."""
        self._ask(b"ENV\0" + _words(os.fsencode(name) + b"=" + os.fsencode(value) for name, value in variables.items()))

    def cd(self, directory):
        """Changes the directory of the programs that `run` runs from now on."""
        self._ask(b"CD\0" + _words([directory]))

    def eval(self, text, stdin=0, stdout=1, stderr=2):
        """Evaluates a text in the session's shell. Returns its status."""
        return int(self._ask(b"EVAL " + _bytes(text), (stdin, stdout, stderr)))

    def ecmd(self, text, stdin=0, stdout=1, stderr=2):
        """The same; returns whether it succeeded, and the status stays in the session."""
        return self._request(b"ECMD " + _bytes(text), (stdin, stdout, stderr))[0] == b"OK"

    def ieval(self, text, terminal, stdout=None, stderr=None):
        """Evaluates a text on a terminal that is no other session's: Ctrl-C there interrupts it. Returns its status."""
        stdout = terminal if stdout is None else stdout
        return int(self._ask(b"IEVAL " + _bytes(text), (terminal, stdout, terminal if stderr is None else stderr)))

    def dump(self):
        """The state of the session's shell: its last status, directory, variables and options."""
        return json.loads(self._ask(b"DUMP"))

    def complete(self, text):
        """The completions of the last word of a text."""
        return json.loads(self._ask(b"COMPLETE " + _bytes(text)))

    def _ask(self, payload, descriptors=()):
        return self._request(payload, descriptors)[1]

    def _request(self, payload, descriptors=()):
        try:
            self._send(payload, [d if isinstance(d, int) else d.fileno() for d in descriptors])
            reply = self._receive()
        except (BrokenPipeError, ConnectionResetError) as gone:
            raise SessionEnded("the session is over") from gone
        word, _, rest = reply.partition(b" ")
        if word == b"ERROR":
            raise Refused(rest.decode("utf-8", "replace"))
        return word, rest

    def _send(self, payload, descriptors):
        # The daemon takes descriptors with any byte of the payload; with the length other servers would lose them.
        self._socket.sendall(b"%d:" % len(payload))
        sent = socket.send_fds(self._socket, [payload], descriptors) if descriptors else 0
        self._socket.sendall(payload[sent:] + b",")

    def _receive(self):
        length = b""
        while not length.endswith(b":"):
            length += self._bytes(1)
            if not length.rstrip(b":").isdigit() or int(length.rstrip(b":")) > _LONGEST_REPLY:
                raise KuidError(f"{length!r} is no netstring: does a coprocess door listen there?")
        reply = self._bytes(int(length[:-1]) + 1)
        if not reply.endswith(b","):
            raise KuidError("a reply does not end with a comma: does a coprocess door listen there?")
        return reply[:-1]

    def _bytes(self, count):
        parts = []
        while count > 0:
            part = self._socket.recv(min(count, _CHUNK))
            if not part:
                raise SessionEnded("the session is over")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def _words(words):
    encoded = [os.fsencode(word) for word in words]
    if any(b"\0" in word for word in encoded):
        raise ValueError("an argument cannot contain a NUL byte")
    return b"".join(word + b"\0" for word in encoded)

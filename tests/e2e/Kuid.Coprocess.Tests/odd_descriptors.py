"""Passes descriptors of every odd kind and prints what each gave, as JSON. odd_descriptors.py CLIENTFOLDER SOCKET FOLDER"""

import fcntl
import json
import os
import pty
import select
import socket
import sys

sys.path.insert(0, sys.argv[1])
from kuid.coprocess import Coprocess, Refused  # noqa: E402

folder = sys.argv[3]
null = os.open("/dev/null", os.O_RDWR)


def fifo():
    path = os.path.join(folder, "fifo")
    os.mkfifo(path)
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK)


def listening():
    s = socket.socket(socket.AF_UNIX)
    s.bind(os.path.join(folder, "own"))
    s.listen(1)
    return s.detach()


def widowed():
    one, other = socket.socketpair()
    other.close()
    return one.detach()


def epoll():
    with select.epoll() as poll:
        return os.dup(poll.fileno())


def broken_pipe():
    read, write = os.pipe()
    os.close(read)
    return write


# A program that reads ends by itself or by timeout(1): whether there is anything to read is not the daemon's to find out.
KINDS = {
    "directory": lambda: os.open(folder, os.O_RDONLY),
    "path": lambda: os.open(folder, os.O_PATH),
    "fifo": fifo,
    "epoll": epoll,
    "listening": listening,
    "widowed": widowed,
    "brokenpipe": broken_pipe,
    "terminal": lambda: pty.openpty()[1],
}

said = {}
with Coprocess(sys.argv[2]) as coprocess:
    for name, make in KINDS.items():
        fd = make()
        # An O_PATH descriptor has no flags of its own to look at, but F_GETFL answers for it too.
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
        results = []
        for stdio in ((fd, null, null), (null, fd, null), (null, null, fd)):
            try:
                results.append(coprocess.run(["true"], *stdio))
            except Refused as refused:
                results.append(str(refused))
        coprocess.run(["timeout", "1", "cat"], fd, null, null)
        said[name] = {"ran": results, "unchanged": fcntl.fcntl(fd, fcntl.F_GETFL) == flags}
        os.close(fd)
print(json.dumps(said))

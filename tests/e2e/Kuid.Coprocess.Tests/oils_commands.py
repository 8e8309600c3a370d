"""Drives the command list of the Oils project's headless demo with that project's own FANOS module; prints what came of it as JSON.

    oils_commands.py FOLDER SOCKET descriptors|files|terminal WORKFOLDER

FOLDER has py_fanos.py and headless_demo.py. The three ways are those in which the demo passes descriptors: pipes, files that are
written where they stand, one terminal as all three.
"""

import fcntl
import importlib
import json
import os
import socket
import subprocess
import sys
import threading

folder, path, way, work = sys.argv[1:]
sys.path.insert(0, folder)
py_fanos = importlib.import_module("py_fanos")
commands = importlib.import_module("headless_demo").COMMANDS


def descriptors():
    """Stdin, stdout and stderr for the way, and what reads all that was written."""
    if way == "files":
        stdin = os.open(os.path.join(work, "stdin"), os.O_RDWR | os.O_CREAT, 0o600)
        os.write(stdin, b"a line\n")
        os.lseek(stdin, 0, os.SEEK_SET)
        stdout = os.open(os.path.join(work, "stdout"), os.O_RDWR | os.O_CREAT, 0o600)
        os.write(stdout, b"head\n")
        return [stdin, stdout, stdout], lambda: open(os.path.join(work, "stdout"), "rb").read()
    if way == "terminal":
        master, terminal = os.openpty()
        os.write(master, b"a line\n")
        return [terminal] * 3, reader(master, [terminal])
    stdin, feeding = os.pipe()
    os.write(feeding, b"a line\n")
    os.close(feeding)
    reading, stdout = os.pipe()
    return [stdin, stdout, stdout], reader(reading, [stdin, stdout])


def reader(descriptor, close):
    """Reads beside, so that nobody has to wait for a full pipe; the answer comes when everybody has closed the other end."""
    parts = []

    def read():
        while True:
            try:
                part = os.read(descriptor, 65536)
            except OSError:
                return  # EIO: nobody has the terminal open any more
            if not part:
                return
            parts.append(part)

    thread = threading.Thread(target=read)
    thread.start()

    def all_of_it():
        for other in close:
            os.close(other)
        thread.join(60)
        return None if thread.is_alive() else b"".join(parts)

    return all_of_it


def look(descriptor):
    """The status flags of a descriptor, and its settings where it is a terminal."""
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    settings = subprocess.run(["stty", "-a"], stdin=descriptor, capture_output=True, text=True).stdout if os.isatty(descriptor) else ""
    return [flags, settings]


connection = socket.socket(socket.AF_UNIX)
connection.connect(path)
passed, written = descriptors()
before = [look(descriptor) for descriptor in passed]
replies = []
for request in [b"GETPID"] + [b"EVAL " + command for command in commands]:
    try:
        py_fanos.send(connection, request, passed)
        reply = py_fanos.recv(connection)
    except OSError as gone:
        reply = None
    replies.append([request.decode(), None if reply is None else reply.decode()])
    if reply is None:
        break
after = [look(descriptor) for descriptor in passed]
connection.close()
output = written()
print(json.dumps({
    "replies": replies,
    "output": None if output is None else output.decode("utf-8", "replace"),
    "unchanged": before == after,
}))

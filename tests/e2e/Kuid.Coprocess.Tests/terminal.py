"""What is done to a client's terminal, and by its keys; prints what came of it as JSON. terminal.py CLIENTFOLDER SOCKET"""

import fcntl
import json
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])
from kuid.coprocess import Coprocess  # noqa: E402

master, terminal = os.openpty()
screen = bytearray()


def read():
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:
            return
        screen.extend(part)


def wait_until(condition):
    while not condition():
        time.sleep(0.01)


def press(keys, when):
    """Presses keys as soon as a condition holds."""

    def wait():
        wait_until(when)
        os.write(master, keys)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def shown(text):
    """Whether a text is on the screen."""
    return lambda: text in screen


def runs(shell, *argv):
    """Whether the shell has a child that has executed a program. Before that a signal is the shell's copy's, which forgets it."""

    def look():
        with open(f"/proc/{shell}/task/{shell}/children") as children:
            return any(command_line(child) == list(argv) for child in children.read().split())

    return look


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline") as words:
            return words.read().split("\0")[:-1]
    except OSError:
        return []


def look():
    settings = subprocess.run(["stty", "-a"], stdin=terminal, capture_output=True, text=True).stdout
    return [fcntl.fcntl(terminal, fcntl.F_GETFL), settings]


threading.Thread(target=read, daemon=True).start()
before = look()
said = {}
with Coprocess(sys.argv[2]) as coprocess:
    said["argv"] = coprocess.run(["sh", "-c", "test -t 0 && test -t 1 && test -t 2"], terminal, terminal, terminal)
    said["eval"] = coprocess.eval("test -t 0 && test -t 1 && test -t 2", terminal, terminal, terminal)
    shell = coprocess.getpid()
    coprocess.eval("sleep 1000 & background=$!; x=kept")
    wait_until(runs(shell, "sleep", "1000"))
    pressing = press(b"\x03", when=runs(shell, "sleep", "1001"))
    said["interrupted"] = coprocess.ieval("sleep 1001", terminal)
    pressing.join()
    said["kept"] = coprocess.ieval('test "$x" = kept && kill -0 $background', terminal)
    pressing = press(b"somebody\n", when=shown(b"name?"))
    said["read"] = coprocess.ieval("printf name?; read name; test \"$name\" = somebody", terminal)
    pressing.join()
    said["after"] = coprocess.eval("kill $background", terminal, terminal, terminal)
    said["unchanged"] = look() == before
print(json.dumps(said))

"""What is done to a client's terminal, and by its keys; prints what came of it as JSON. terminal.py CLIENTFOLDER SOCKET"""

import fcntl
import json
import os
import subprocess
import sys
import threading

sys.path.insert(0, sys.argv[1])
from kuid.coprocess import Coprocess  # noqa: E402

master, terminal = os.openpty()
screen = bytearray()
changed = threading.Condition()


def read():
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:
            return
        with changed:
            screen.extend(part)
            changed.notify_all()


def shown(text, keys):
    """Presses keys as soon as a text is on the screen."""

    def press():
        with changed:
            changed.wait_for(lambda: text in screen, 60)
        os.write(master, keys)

    thread = threading.Thread(target=press)
    thread.start()
    return thread


def look():
    settings = subprocess.run(["stty", "-a"], stdin=terminal, capture_output=True, text=True).stdout
    return [fcntl.fcntl(terminal, fcntl.F_GETFL), settings]


threading.Thread(target=read, daemon=True).start()
before = look()
said = {}
with Coprocess(sys.argv[2]) as coprocess:
    said["argv"] = coprocess.run(["sh", "-c", "test -t 0 && test -t 1 && test -t 2"], terminal, terminal, terminal)
    said["eval"] = coprocess.eval("test -t 0 && test -t 1 && test -t 2", terminal, terminal, terminal)
    coprocess.eval("sleep 1000 & background=$!; x=kept")
    pressing = shown(b"sleeping\r\n", b"\x03")
    said["interrupted"] = coprocess.ieval("echo sleeping; sleep 1000", terminal)
    pressing.join()
    said["kept"] = coprocess.ieval('test "$x" = kept && kill -0 $background', terminal)
    pressing = shown(b"name?", b"somebody\n")
    said["read"] = coprocess.ieval("printf name?; read name; test \"$name\" = somebody", terminal)
    pressing.join()
    said["after"] = coprocess.eval("kill $background", terminal, terminal, terminal)
    said["unchanged"] = look() == before
print(json.dumps(said))

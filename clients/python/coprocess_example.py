"""Runs programs and a shell on descriptors of its own: a file, a pipe, and what it was started with."""

import os
import sys

from kuid.coprocess import Coprocess

with Coprocess.from_environment() as coprocess:
    coprocess.env(GREETING="hello")
    coprocess.cd("/")
    code = coprocess.run(["sh", "-c", 'echo "$GREETING from $PWD"; exit 3'])
    print(f"it exited with {code}", flush=True)

    # The shell's variables, functions and directory stay from one text to the next.
    with open(sys.argv[1], "ab") as log:
        coprocess.eval("cd /usr; twice() { echo $1 $1; }; x=kept", stdout=log)
        status = coprocess.eval("twice $x; pwd; false", stdout=log)
    print(f"its status is {status}", flush=True)

    # What a shell reads comes from the descriptor that was passed.
    reading, writing = os.pipe()
    os.write(writing, b"one line\nand another\n")
    os.close(writing)
    coprocess.eval("read first", stdin=reading)
    os.close(reading)
    coprocess.eval('echo "it read: $first"')
    print(coprocess.complete("ls /usr/loc"), coprocess.dump()["cwd"], flush=True)

"""Runs a command as a job: its output as it comes, then once more from the history."""

import sys

from kuid import Client

kuid = Client.from_environment()
job = kuid.submit({"kind": "shell", "command": sys.argv[1]})

followed = bytearray()
for piece in kuid.follow(job["id"]):
    followed += piece
    sys.stdout.buffer.write(piece)

ended = kuid.wait(job["id"])
kept = kuid.read(job["id"])
print(f"{ended['state']}, {len(followed)} bytes, again the same: {kept == followed}", file=sys.stderr)

"""Jobs: submit, look, wait, list, cancel, read and follow."""

import json
import os
import time
import urllib.parse
import uuid

from .errors import OutputMissing, Unreachable
from .transport import BROKEN, FIRST_PAUSE, LONGEST_PAUSE, Transport

TERMINAL = frozenset(("succeeded", "failed", "canceled", "lost"))
HELD = 60


class Client:
    """A Kuid daemon. Jobs are dictionaries with the members of the schema Job.

    `socket` is the path of the Unix socket of the HTTP door; `url`, such as http://127.0.0.1:8080, its port, with the
    `token` or the `token_file` that holds it. `patience` says for how many seconds a daemon that cannot be reached, or that is
    too busy, is asked again.
    """

    def __init__(self, socket=None, url=None, token=None, token_file=None, patience=30.0):
        if (socket is None) == (url is None):
            raise ValueError("either socket or url says where the daemon is")
        place = urllib.parse.urlsplit(url or "http://localhost")
        if place.scheme != "http" or not place.hostname or place.path not in ("", "/"):
            raise ValueError(f"{url!r} is no address such as http://127.0.0.1:8080")
        if token_file is not None:
            with open(token_file, encoding="ascii") as file:
                token = file.read().strip()
        self._transport = Transport(socket, place.hostname, place.port, token, patience)

    @classmethod
    def from_environment(cls, **options):
        """The daemon that KUID_SOCKET names, or KUID_URL together with KUID_TOKEN_FILE."""
        return cls(
            socket=os.environ.get("KUID_SOCKET"), url=os.environ.get("KUID_URL"),
            token_file=os.environ.get("KUID_TOKEN_FILE"), **options)

    def request(self, method, path, query=None, body=None, headers=None, repeatable=None):
        """Any operation of the contract. A body that is not bytes goes as JSON.

        Returns what the JSON of the answer stands for, bytes where it is no JSON, None where it is empty. A request other than
        GET is sent again after a broken connection only if it is said to be `repeatable`.
        """
        wanted = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            wanted["Content-Type"] = "application/json"
        elif body is not None:
            wanted.setdefault("Content-Type", "application/octet-stream")
        again = method == "GET" if repeatable is None else repeatable
        with self._transport.open(method, path, query, wanted, body, again) as answer:
            kind = answer.headers.get_content_type()
            content = answer.read()
        if not content:
            return None
        return json.loads(content) if kind == "application/json" else content

    def submit(self, submission, wait=None, key=None):
        """Submits a job: a dictionary with the members of JobSubmission.

        It makes one job however often it has to be sent: each submission has an idempotency key, one of its own unless `key` says
        another, which stays the same when it is sent again. With `wait`, at most 60, the answer comes when the job has ended or the
        seconds are over.
        """
        return self.request(
            "POST", "/v1/jobs", None if wait is None else {"wait": wait}, submission,
            {"Idempotency-Key": key or uuid.uuid4().hex}, repeatable=True)

    def get(self, job):
        """The job as it is now."""
        return self.request("GET", f"/v1/jobs/{job}")

    def wait(self, job, changed=None):
        """The job when it has ended, however long that takes. `changed` is called with it at each version on the way."""
        etag = None
        while True:
            asked = time.monotonic()
            query, headers = ({}, {}) if etag is None else ({"wait": HELD}, {"If-None-Match": etag})
            with self._transport.open(
                    "GET", f"/v1/jobs/{job}", query, headers, repeatable=True, timeout=HELD + 30) as answer:
                if answer.status == 200:
                    etag = answer.headers["ETag"]
                    now = answer.json()
                    if changed is not None:
                        changed(now)
                    if now["state"] in TERMINAL:
                        return now
                elif time.monotonic() - asked < FIRST_PAUSE:
                    # Not held: the daemon is being stopped, and asking on and on would only slow it down.
                    time.sleep(FIRST_PAUSE)

    def list(self, **filters):
        """The jobs that pass the filters of listJobs, newest first, fetched page by page as they are taken."""
        query = {name: ",".join(value) if name == "state" and not isinstance(value, str) else value
                 for name, value in filters.items()}
        while True:
            page = self.request("GET", "/v1/jobs", query)
            yield from page["items"]
            if page["nextCursor"] is None:
                return
            query["cursor"] = page["nextCursor"]

    def cancel(self, job):
        """Ends the job, and returns it as it is then, which may be `canceling`. Cancelling what has ended changes nothing."""
        return self.request("POST", f"/v1/jobs/{job}/cancel", repeatable=True)

    def read(self, job, stream="stdout", offset=0):
        """What the job has written so far to `stdout`, `stderr`, or both in order (`output`), from the offset on."""
        return b"".join(self._pieces(job, stream, offset, follow=False))

    def follow(self, job, stream="stdout", offset=0):
        """What the job writes, in pieces as it comes, until it has ended.

        When the connection breaks the next begins where it broke: every byte comes, once. A job of which bytes were not kept
        raises OutputMissing, before any byte that is not the one that was due.
        """
        return self._pieces(job, stream, offset, follow=True)

    def _pieces(self, job, stream, offset, follow):
        failing_since = None
        pause = FIRST_PAUSE
        while True:
            query = {"offset": offset, **({"follow": "true"} if follow else {})}
            with self._transport.open(
                    "GET", f"/v1/jobs/{job}/{stream}", query, repeatable=True, timeout=None if follow else 90.0) as answer:
                if answer.headers["Kuid-Truncated"] == "true":
                    raise OutputMissing(f"job {job} wrote more to {stream} than was kept; from {offset} on it is not whole")
                try:
                    for chunk in answer.chunks():
                        offset += len(chunk)
                        failing_since, pause = None, FIRST_PAUSE
                        yield chunk
                    return
                except BROKEN as failure:
                    failing_since = failing_since or time.monotonic()
                    if time.monotonic() - failing_since > self._transport.patience:
                        raise Unreachable(f"{stream} of job {job} broke off at {offset} again and again") from failure
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

"""What can go wrong, apart from a job that fails: that is no error but a state."""


class KuidError(Exception):
    """Whatever this package raises."""


class Problem(KuidError):
    """The daemon refused a request: `code` is the word to decide by, `members` the whole of the problem (RFC 9457)."""

    def __init__(self, status, members, retry_after=None):
        self.status = status
        self.members = members
        self.code = members.get("code")
        self.detail = members.get("detail")
        self.errors = members.get("errors") or []
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}: {self.detail}")


class Unreachable(KuidError):
    """No answer came within the client's patience; `__cause__` is the last failure."""


class OutputMissing(KuidError):
    """Bytes that were asked for have not been kept, so what follows would not be what the job wrote."""

"""Connections to Unix sockets."""

import os
import socket


def connect(path, timeout):
    """A connected stream socket with a timeout in seconds, None for none; an error of the system names the path."""
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        stream.settimeout(timeout)
        stream.connect(os.fspath(path))
        return stream
    except BaseException as failure:
        # The system's words do not name the socket; those of Python itself have no number.
        if isinstance(failure, OSError) and failure.errno is not None:
            failure.filename = os.fspath(path)
        stream.close()
        raise

"""Passes descriptors to a connection that does not read, until the kernel refuses. flooding.py SOCKET; prints the error's name."""

import array
import errno
import os
import socket
import sys

s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
null = os.open("/dev/null", os.O_RDWR)
request = b"ARGV\0sleep\x00600\0"
socket.send_fds(s, [b"%d:%s," % (len(request), request)], [null] * 3)
s.setblocking(False)
try:
    while True:
        s.sendmsg([b"0:,"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [null] * 200))])
except OSError as e:
    print(errno.errorcode[e.errno], flush=True)
sys.stdin.read()

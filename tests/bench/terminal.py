"""A program at a terminal of ours: keys in, bytes out, with their times."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time


class Terminal:
    def __init__(self, words, env=None, rows=24, columns=80):
        ready, told = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.write(told, struct.pack("d", time.monotonic()))
            os.execve(words[0], words, env or os.environ)
        os.close(told)
        self.started = struct.unpack("d", os.read(ready, 8))[0]
        os.close(ready)
        self.written = 0
        self.is_traced = words[0].endswith("strace")
        self.tail = b""

    def read(self):
        """What came, or nothing at the end; and the answer that every terminal gives to "where is the cursor?"."""
        try:
            some = os.read(self.fd, 65536)
        except OSError:
            return b""
        self.written += len(some)
        if b"\033[6n" in some:
            os.write(self.fd, b"\033[2;2R")    # after one sign in the second row: signs are one cell wide
        return some

    def quiet(self, gap, first=1.0):
        """Reads until nothing came for `gap` seconds, after the first byte, which may take `first`: (time of the last byte, the bytes)."""
        last, data = None, b""
        while True:
            if not select.select([self.fd], [], [], gap if data else max(gap, first))[0]:
                break
            some = self.read()
            last = time.monotonic()
            if not some:
                break
            data += some
        self.tail = (self.tail + data)[-65536:]
        return last, data

    def until(self, text, limit=20.0):
        """Reads until the text has come; an error after `limit` seconds."""
        data, end = b"", time.monotonic() + limit
        while text not in data:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise SystemExit("bench: %r did not come to the terminal; last was %r" % (text, data[-400:]))
            data += self.read()
        return data

    def send(self, keys):
        os.write(self.fd, keys)

    def key(self, keys, gap=0.04):
        """Milliseconds from a key to the last byte of its answer."""
        begun = time.monotonic()
        os.write(self.fd, keys)
        last, data = self.quiet(gap)
        return (last - begun) * 1000 if last else None

    def rss_kb(self):
        with open("/proc/%d/status" % self.pid) as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    def end(self):
        """Asks the program to leave (SIGTERM); insists after 5 s. Its exit status."""
        with open("/proc/%d/task/%d/children" % (self.pid, self.pid)) as file:
            children = [int(pid) for pid in file.read().split()]
        # under strace it is strace's child that must hear it; the till's own children end with the till
        os.kill(children[0] if self.is_traced else self.pid, signal.SIGTERM)
        for _ in range(100):
            self.quiet(0.02, 0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            status = os.waitpid(self.pid, 0)[1]
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)

#!/usr/bin/env python3
"""What the screens cost on a pseudo terminal, key by key, beside `less` on the
same lines in the same run: bytes, and the time to the last byte.

    screens.py BEATBOOK REPLICA
"""
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

QUIET_S = 0.06  # an answer is over when nothing came for so long
QUERIES = [(re.compile(rb'\x1b\[c'), b'\x1b[?62;22c'),
           (re.compile(rb'\x1b\[6n'), b'\x1b[1;1R')]


class Terminal:
    """A program on a pty of 80x24; counts what it writes."""

    def __init__(self, argv, term):
        env = dict(os.environ, TERM=term, LC_ALL='C.UTF-8', LESS='',
                   SSH_CONNECTION='127.0.0.1 1 127.0.0.1 2')
        self.start = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack('HHHH', 24, 80, 0, 0))

    def answer(self, limit=5.0):
        """Bytes until quiet, and when the last one came."""
        size, last = 0, time.monotonic()
        first_limit = last + limit
        while True:
            wait = QUIET_S if size else first_limit - time.monotonic()
            if not select.select([self.fd], [], [], max(wait, 0))[0]:
                return size, last
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                return size, last
            if not data:
                return size, last
            size, last = size + len(data), time.monotonic()
            for query, reply in QUERIES:
                if query.search(data):
                    os.write(self.fd, reply)

    def key(self, keys):
        start = time.monotonic()
        os.write(self.fd, keys)
        size, last = self.answer(0.3)
        return size, (last - start) * 1000

    def end(self, keys):
        try:
            os.write(self.fd, keys)
        except OSError:
            pass
        for _ in range(100):
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                os.close(self.fd)
                return
            self.answer(0.02)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def peak_kib(pid):
    with open('/proc/%d/status' % pid) as f:
        return int(re.search(r'VmHWM:\s+(\d+)', f.read()).group(1))


def step(term, keys, times):
    got = [term.key(keys) for _ in range(times)]
    return (statistics.median(g[0] for g in got),
            statistics.median(g[1] for g in got))


def measure(argv, term, steps, setup, quit_keys):
    firsts, rows = [], {}
    for run in range(5):
        t = Terminal(argv, term)
        size, last = t.answer()
        firsts.append((size, (last - t.start) * 1000))
        if run == 4:
            for keys in setup:
                t.key(keys)
            for name, keys, times in steps:
                rows[name] = step(t, keys, times)
            rows['peak'] = peak_kib(t.pid) / 1024
        t.end(quit_keys)
    rows['first paint'] = (statistics.median(f[0] for f in firsts),
                           statistics.median(f[1] for f in firsts))
    return rows


def measure_writing(argv, term):
    """A letter in a narrative of 60 KB: what a key costs there."""
    told = b'Walked the lot again, seven cars with bags in view. ' * 1154
    t = Terminal(argv, term)
    t.answer()
    t.key(b':new concern\r')
    t.key(b'\x1b[200~' + told + b'\x1b[201~')
    t.key(b'x')
    rows = {'letter at the end of 60 KB': step(t, b'x', 20)}
    t.key(b'\x1b[5~' * 20)
    rows['letter inside 60 KB'] = step(t, b'x', 20)
    t.key(b'\x189draft-drop\ry')
    t.end(b'Qy')
    return rows


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    beatbook, replica = sys.argv[1:]
    steps = [('one row down', b'j', 10), ('one row down, scrolls', b'j', 10),
             ('page down', b'\x1b[6~', 5)]
    with tempfile.NamedTemporaryFile('w', suffix='.txt') as lines:
        subprocess.run([beatbook, '-r', replica, 'list', 'project'],
                       stdout=lines, check=True)
        lines.flush()
        floor = measure(['less', lines.name], 'xterm-256color',
                        [('one row down', b'j', 10),
                         ('one row down, scrolls', b'j', 10),
                         ('page down', b' ', 5)], [], b'q')
    print('%-16s %-26s %8s %10s   %s' % ('terminal', 'step', 'bytes', 'ms',
                                         'less: bytes, ms'))
    for term in ('xterm-256color', 'screen', 'linux', 'vt220'):
        ours = measure([beatbook, '-r', replica], term,
                       steps[:1],
                       [b'gp', b'\x1b[H'], b'q\x1bq\x1bq')
        scroll = measure([beatbook, '-r', replica], term,
                         steps[1:],
                         [b'gp'] + [b'j'] * 20, b'q\x1bq\x1bq')
        ours['one row down, scrolls'] = scroll['one row down, scrolls']
        ours['page down'] = scroll['page down']
        for name in ('first paint', 'one row down', 'one row down, scrolls',
                     'page down'):
            print('%-16s %-26s %8.0f %10.2f   %6.0f %8.2f' % (
                (term, name) + ours[name] + floor[name]))
        for name, row in measure_writing([beatbook, '-r', replica],
                                         term).items():
            print('%-16s %-26s %8.0f %10.2f' % ((term, name) + row))
        print('%-16s %-26s %8.1f MiB          %6.1f' % (
            term, 'peak memory', ours['peak'], floor['peak']))


main()

#!/usr/bin/env python3
"""What the screens cost on a pseudo terminal, key by key, beside `less` on the
same lines, tig on as many commits and mutt on as many mails, in the same run:
bytes, and the time to the last byte.

    screens.py BEATBOOK REPLICA
"""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

TERMS = os.environ.get('TERMS', 'xterm-256color screen linux vt220').split()
RUNS = 5
QUIET_S = 0.06  # an answer is over when nothing came for so long
QUERIES = [(re.compile(rb'\x1b\[c'), b'\x1b[?62;22c'),
           (re.compile(rb'\x1b\[6n'), b'\x1b[1;1R')]


class Terminal:
    """A program on a pty of 80x24; counts what it writes."""

    def __init__(self, argv, term, more):
        env = dict(os.environ, TERM=term, LC_ALL='C.UTF-8', LESS='',
                   SSH_CONNECTION='127.0.0.1 1 127.0.0.1 2', **more)
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


class Program:
    """What is run, the keys of the steps, and what was measured."""

    def __init__(self, name, argv, down=b'j', page=b'\x1b[6~', setup=(),
                 end=(b'q',), env=None, filter=b''):
        self.name, self.argv, self.env = name, argv, env or {}
        self.filter = filter
        self.down, self.page, self.setup, self.end = down, page, setup, end
        self.firsts, self.rows = [], {}

    def open(self, term):
        t = Terminal(self.argv, term, self.env)
        size, last = t.answer()
        self.firsts.append((size, (last - t.start) * 1000))
        return t

    def close(self, t):
        for keys in self.end[:-1]:
            t.key(keys)
        t.end(self.end[-1])

    def measure(self, term):
        t = self.open(term)
        for keys in self.setup:
            t.key(keys)
        self.rows = {'one row down': step(t, self.down, 10)}
        for _ in range(20):
            t.key(self.down)
        self.rows['one row down, scrolls'] = step(t, self.down, 10)
        self.rows['page down'] = step(t, self.page, 5)
        if self.filter:
            t.key(b'/')
            self.rows['filter as you type'] = max(
                (t.key(bytes([c])) for c in self.filter), key=lambda g: g[1])
        self.rows['peak MiB'] = peak_kib(t.pid) / 1024
        self.close(t)
        self.rows['first paint'] = tuple(
            statistics.median(f[i] for f in self.firsts) for i in (0, 1))


def make_commits(folder, lines):
    """A repository with a commit for each line."""
    text = ['commit refs/heads/main\ncommitter A <a@b> %d +0000\n'
            'data %d\n%s\n' % (1600000000 + i, len(line.encode()), line)
            for i, line in enumerate(lines)]
    subprocess.run(['git', 'init', '-q', '-b', 'main', folder], check=True)
    subprocess.run(['git', '-C', folder, 'fast-import', '--quiet'],
                   input=''.join(text).encode(), check=True)


def make_mails(path, lines):
    with open(path, 'w', encoding='utf-8') as f:
        for i, line in enumerate(lines):
            f.write('From a@b Thu Jan  1 00:00:00 2026\nFrom: A <a@b>\n'
                    'Subject: %s\nMessage-ID: <%d@b>\n\n%s\n\n'
                    % (line, i, line))


def peers(folder, lines):
    """The others that are installed."""
    env = {'HOME': folder}
    text = os.path.join(folder, 'lines')
    with open(text, 'w', encoding='utf-8') as f:
        f.write('\n'.join(lines))
    found = [Program('less', ['less', text], page=b' ')]
    if shutil.which('tig') and shutil.which('git'):
        commits = os.path.join(folder, 'commits')
        make_commits(commits, lines)
        found.append(Program('tig', ['env', '-C', commits, 'tig'], env=env))
    if shutil.which('mutt'):
        mails = os.path.join(folder, 'mails')
        make_mails(mails, lines)
        os.mkdir(os.path.join(folder, 'Mail'))  # else it asks for one
        found.append(Program('mutt', ['mutt', '-n', '-R', '-F', '/dev/null',
                                      '-f', mails], env=env,
                             setup=(b'=',), end=(b'q', b'n')))
    for name in ('tig', 'mutt'):
        if name not in [p.name for p in found]:
            print('%s is not installed: not compared' % name)
    return found


# budgets.md, "Screens": at most so many bytes and ms.
GOALS = {'first paint': (2000, None), 'one row down': (16, 1),
         'one row down, scrolls': (150, 1), 'page down': (1500, 1),
         'filter as you type': (2000, 16)}
PEAK_MIB = 16


def goal(words, reached):
    return '   goal %s: %s' % (words, 'reached' if reached else 'NOT REACHED')


def row_goal(name, programs):
    most_bytes, most_ms = GOALS[name]
    size, ms = programs[0].rows[name]
    if most_ms is None:
        tig = [p.rows[name][1] for p in programs if p.name == 'tig']
        return goal('<= %d B, before tig' % most_bytes,
                    size <= most_bytes and ms < min(tig, default=ms + 1))
    return goal('<= %d B, %d ms' % (most_bytes, most_ms),
                size <= most_bytes and ms <= most_ms)


def show(term, programs):
    print('%-24s' % term + ''.join('%22s' % p.name for p in programs))
    for name in GOALS:
        print('  %-22s' % name + ''.join(
            '%9.0f B %8.2f ms' % p.rows[name] if name in p.rows else ' ' * 22
            for p in programs) + row_goal(name, programs))
    print('  %-22s' % 'peak memory' + ''.join(
        '%18.1f MiB' % p.rows['peak MiB'] for p in programs) +
        goal('<= %d MiB' % PEAK_MIB, programs[0].rows['peak MiB'] <= PEAK_MIB))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    beatbook, replica = sys.argv[1:]
    lines = subprocess.run([beatbook, '-r', replica, 'list', 'project'],
                           stdout=subprocess.PIPE, check=True)
    lines = lines.stdout.decode().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        others = peers(folder, lines)
        for term in TERMS:
            programs = [Program('beatbook', [beatbook, '-r', replica],
                                setup=(b'gp', b'\x1b[H'), filter=b'the',
                                end=(b'\x1b', b'q', b'\x1b', b'Q', b'y'))]
            programs += others
            for p in others:
                p.firsts = []
            for _ in range(RUNS):  # by turns: what disturbs one, disturbs all
                for p in programs:
                    p.close(p.open(term))
            for p in programs:
                p.measure(term)
            show(term, programs)


main()

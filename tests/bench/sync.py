#!/usr/bin/env python3
"""What syncs cost, beside floors of the same run: W1 to W4, and a bad link.

    sync.py [W1] [W2] [W3] [W4] [bad]        all of them without an argument

Both programs over loopback, through a link that counts TCP payload (headers
and token included). The floors are in floor.c, what is written in work.c.
"""
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from lib import BUILD, ENV, Hub, Person  # noqa: E402
from link import Link  # noqa: E402
import badlink  # noqa: E402

WORK = os.path.join(BUILD, "tests", "bench", "work")
SLOW = {"bits": 9600, "round_trip": 0.6}
PIECE = 131072  # bytes of an answer that are committed together
TIMES = 5  # pairs of floor and figure, of which the medians are told
CACHE_KIB = 10000  # SQLite's page cache, as a replica has it during a sync
rows = []


def work(*args):
    """Run a part of it; its `name value` lines as a dictionary."""
    out = subprocess.run([WORK, *map(str, args)], env=ENV, check=True,
                         stdout=subprocess.PIPE).stdout.decode()
    return {k: float(v) for k, v in (line.split() for line in
                                     out.splitlines())}


def say(text):
    print(text, flush=True)


def row(figure, measured, floor, goal, unit, most=True, ratio=None):
    """One line of the table; the goal is a ratio to the floor, or `unit`s
    where there is no floor. `most`: it is to stay below. `ratio`: where it is
    not just that of the two."""
    if floor and ratio is None:
        ratio = measured / floor
    value = ratio if floor else measured
    reached = value <= goal if most else value >= goal
    rows.append((figure, f"{measured:,.{digits(unit)}f} {unit}",
                 f"{floor:,.{digits(unit)}f}" if floor else "-",
                 f"x {ratio:.2f}" if floor else "-",
                 ("<= " if most else ">= ")
                 + (f"x {goal}" if floor else f"{goal:,} {unit}"),
                 "yes" if reached else "NO"))
    say("%-34s %16s %12s %7s %12s %s" % rows[-1])


def digits(unit):
    return 2 if unit in ("s", "x") else 1 if unit == "MiB" else 0


def midday():
    """A zone where it is about noon: what was written minutes ago was written
    today, whatever the hour."""
    east = 12 - time.gmtime().tm_hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        user, system = f.read().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class City:
    """A hub with `records` on `beats` beats, which everybody holds."""

    def __init__(self, folder, records, beats=1):
        self.folder = os.path.join(folder, f"{records}-{beats}-{len(hubs)}")
        os.mkdir(self.folder)
        self.hub = Hub(self.folder)
        hubs.append(self.hub)
        self.hub("init", "--profile", "oakland", "--timezone", midday())
        codes = ["35X"] + [f"B{i:02}" for i in range(2, beats + 1)]
        badlink.add_beats(self.hub, self.folder, codes)
        for badge in ["4471", "4480"] + [str(5001 + i) for i in range(8)]:
            self.hub("member", "add", badge, "--name", "N" + badge,
                     "--access", "officer", "--unit", "A1",
                     "--beats", ",".join(codes))
        work("fill", self.hub.place, records, beats)
        self.hub.start()
        self.people = 0

    def person(self, badge, url=None):
        """A new replica of this member, filled."""
        self.people += 1
        p = Person(self.folder, badge, f"{badge}-{self.people}")
        self.enroll(p, url or self.hub.url)
        return p

    def enroll(self, p, url):
        """Seconds, peak memory (MiB) and processor seconds of a fill, those
        that the hub spent on it last."""
        code = self.hub("invite", p.badge).strip()
        before = processor_seconds(self.hub.process.pid)
        start = time.monotonic()
        child = subprocess.Popen(
            p.argv(("enroll", url, "--badge", p.badge, "--code", code,
                    "--device", "bench")), env=ENV,
            stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        took = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"enroll ended with {child.returncode}")
        return (took, usage.ru_maxrss / 1024,
                usage.ru_utime + usage.ru_stime,
                processor_seconds(self.hub.process.pid) - before)


hubs = []  # to be stopped at the end


def make_edits(person, who):
    lines = subprocess.run([WORK, "edits", who], check=True, env=ENV,
                           stdout=subprocess.PIPE).stdout.decode()
    for line in lines.splitlines():
        record, field, value = line.split("\t")
        person("set", record, f"{field}={value}")


def exchange(port, up, down):
    """One request of the floor: so many bytes up, so many down."""
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(f"{down:8}".encode() + b"x" * (up - 8))
        while down:
            down -= len(s.recv(min(down, 65536)))


class FloorServer:
    """Answers as many bytes as the head of a request asks for."""

    def __init__(self, ups):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, args=(ups,))
        self.thread.start()

    def serve(self, ups):
        for up in ups:
            s, _ = self.listener.accept()
            head = b""
            left = up
            while left:
                data = s.recv(min(left, 65536))
                head, left = (head + data)[:8], left - len(data)
            s.sendall(b"y" * int(head))
            s.recv(1)
            s.close()
        self.listener.close()


def floor_over(ups, downs, **how):
    server = FloorServer(ups)
    with Link(server.port, **how) as link:
        start = time.monotonic()
        for up, down in zip(ups, downs):
            exchange(link.port, up, down)
        took = time.monotonic() - start
    server.thread.join()
    return took


def shift(folder, **how):
    """Three syncs of a shift. Returns the link, and the seconds they took."""
    city = City(folder, 200)
    a, b = city.person("4471"), city.person("4480")
    for p in (a, b):
        p("sync")
    make_edits(a, "A")
    make_edits(b, "B")
    with Link(city.hub.port, **how) as link:
        for p in (a, b):
            p.set_url(link.url)
        start = time.monotonic()
        for p in (a, b, a):
            p("sync")
        took = time.monotonic() - start
    told = [len(p.json("conflicts")) for p in (a, b)]
    assert a.json("status")["unsent"] == b.json("status")["unsent"] == 0
    return link, took, told


def w1(folder):
    f = work("floor-shift")
    ups = [int(f[f"up{i}"]) for i in range(3)]
    downs = [int(f[f"down{i}"]) for i in range(3)]
    floor = sum(ups) + sum(downs)
    say(f"# additions deflate to {f['additions'] * 100:.0f} % (peers' text: "
        f"44 %); A's edits as suffixes, deflated: {f['suffixes']:.0f} bytes")
    link, _, told = shift(folder)
    say("# W1 up and down: " + ", ".join(
        f"{c.up} + {c.down}" for c in link.connections)
        + f"; floor: {', '.join(f'{u} + {d}' for u, d in zip(ups, downs))}"
        + f"; conflicts told to A and B: {told[0]}, {told[1]}")
    row("W1 bytes, three syncs", link.sum("bytes"), floor, 0.55, "bytes")
    row("W1 requests", link.sum("requests"), None, 3, "")
    _, took, _ = shift(folder, **SLOW)
    row("W1 over 9.6 kbit/s, 600 ms", took, floor_over(ups, downs, **SLOW),
        0.7, "s")


def fill_bytes(city):
    """The fill through a counting link. The first connection enrolls."""
    with Link(city.hub.port) as link:
        person = city.person("4471", link.url)
    person.set_url(city.hub.url)
    say(f"# enrolment itself: {link.connections[0].up} + "
        f"{link.connections[0].down} bytes, "
        f"fill: {link.sum('requests', 1)} requests")
    return person, link.sum("bytes", 1)


def remove(file):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(file + end):
            os.remove(file + end)


def pair_of_fills(folder, records, city, at_once):
    """The floor and a fill, one right after the other: what else the machine
    does meets both."""
    place = os.path.join(folder, "floor.db")
    floor = work("floor-fill", place, records, at_once)
    remove(place)
    person = Person(city.folder, "4471", "timed")
    fill = city.enroll(person, city.hub.url)
    remove(person.file)
    return floor, fill


def w2(folder, records, city):
    person, size = fill_bytes(city)
    at_once = max(1, records * PIECE // size)
    pairs = [pair_of_fills(folder, records, city, at_once)
             for _ in range(TIMES if records >= 20000 else 1)]
    row(f"W2 bytes, {records:,} records", size, pairs[0][0]["bytes"], 1.2,
        "bytes")
    if records < 20000:
        return person
    median = statistics.median
    row(f"W2 time, {records:,}, durable", median(r[0] for _, r in pairs),
        median(f["seconds"] for f, _ in pairs), 2.5, "s",
        ratio=median(r[0] / f["seconds"] for f, r in pairs))
    say("# W2 processor seconds: client %.2f, hub %.2f, floor %.2f, client to "
        "floor x %.2f (the floor has neither the lists' indexes nor full "
        "text)" % (
            median(r[2] for _, r in pairs), median(r[3] for _, r in pairs),
            median(f["cpu"] for f, _ in pairs),
            median(r[2] / f["cpu"] for f, r in pairs)))
    row("W2 peak memory", max(r[1] for _, r in pairs), None, 32, "MiB")
    return person


def w3(person, city, what):
    person("sync")
    with Link(city.hub.port) as link:
        person.set_url(link.url)
        person("sync")
    person.set_url(city.hub.url)
    c = link.connections[0]
    say(f"# W3 {what}: {c.up} up, {c.down} down")
    row(f"W3 bytes, {what}", link.sum("bytes"), None, 300, "bytes")


def w4(folder, records, changes, city, person):
    city.hub.stop()
    got = work("apply", city.hub.place, person.file, records, changes)
    at_once = max(1, int(changes * PIECE / got["bytes"]))
    floor = work("floor-changes", os.path.join(folder, "floor4.db"), records,
                 changes, at_once, CACHE_KIB)
    row("W4 changes a second, with search", changes / got["seconds"],
        changes / floor["seconds"], 0.6, "1/s", most=False)
    say(f"# W4 processor seconds: {got['cpu']:.1f}, floor {floor['cpu']:.1f}; "
        f"{got['bytes']:.0f} bytes")
    status, _, err = person.run("verify")
    say(f"# W4: verify says {status} {err.strip()}")


def bad(folder):
    """What tests/e2e/badlink.py does, but really slow."""
    place = tempfile.mkdtemp(dir=folder)
    scene = badlink.Scene(place)
    hubs.append(scene.hub)
    for name, person in (("shift of 40 edits", scene.shifted),
                         ("shift of narratives", scene.told),
                         ("first fill of 200", scene.empty)):
        got, _ = scene.measure(person, random.Random(20261122), **SLOW)
        say(f"# {name}, cut after 2 to 20 KB each time: {got.cuts} cuts, "
            f"{got.seconds:.0f} s; uncut {got.uncut_seconds:.0f} s")
        row(f"bad link, {name}", got.bytes, got.uncut_bytes, 1.2, "bytes")


def main(asked):
    folder = tempfile.mkdtemp(prefix="beatbook-bench-")
    say("%-34s %16s %12s %7s %12s %s" % (
        "figure", "measured", "floor", "ratio", "goal", "reached"))
    try:
        measure(folder, asked or ["W1", "W2", "W3", "W4", "bad"])
    finally:
        for hub in hubs:
            hub.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(folder, asked):
    if "W1" in asked:
        w1(folder)
    if "bad" in asked:
        bad(folder)
    if not {"W2", "W3", "W4"} & set(asked):
        return
    small, city = City(folder, 200), City(folder, 20000)
    if "W2" in asked:
        w2(folder, 200, small)
        w2(folder, 20000, city)
    if "W3" in asked:
        w3(small.person("4471"), small, "200 records")
        w3(city.person("4471"), city, "20,000 records")
        large = City(folder, 200000)
        w3(large.person("4471"), large, "200,000 records")
        many = City(folder, 20000, 40)
        w3(many.person("4471"), many, "20,000 records, 40 beats")
    if "W4" in asked:
        w4(folder, 20000, 100000, city, city.person("4471"))


if __name__ == "__main__":
    main(sys.argv[1:])

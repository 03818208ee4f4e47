#!/usr/bin/env python3
"""A large replica with unsent edits is revoked, moved to another beat, and
given up for a new device: what the officer sees, and where the edits went.

    ends.py [RECORDS]        20,000 without an argument

Prints TAP, and with # what the officer saw and how long it took.
"""
import os
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from lib import Person, check, same  # noqa: E402
import sync as bench  # noqa: E402


def seen(text):
    for line in text.strip().splitlines():
        print(f"#   {line}", flush=True)


def timed(what, person, *args):
    start = time.monotonic()
    status, out, err = person.run(*args)
    print(f"# {what}: {time.monotonic() - start:.1f} s, exit {status}",
          flush=True)
    seen(err + out)
    return status, out, err


def held(person):
    """How many records its file has."""
    return len(person.json("list", "project", "--limit", "100000"))


def write(person, what, beat):
    """Two unsent edits: a new project, and an update of it."""
    name = person.add("project", title=what, beat_ids=beat)
    person.add("project_update", project_id=name.split("/")[1],
               text=f"{what}: walked the lot")
    return what


def find(person, title):
    return [r for r in person.json("list", "project", f'"{title}"')
            if r["title"] == title]


def arrived(sergeant, title):
    sergeant("sync")
    got = find(sergeant, title)
    same(f"the hub has '{title}' once, with its update",
         [len(sergeant.json("show", r["record"])["related"]
              ["project_update"]) for r in got], [1])


def revoked(city, officer, sergeant):
    title = write(officer, "Before the revocation", "35X")
    have = held(officer)
    number = officer.json("status")["replica"]
    city.hub("replica", "revoke", str(number))
    status, _, err = timed("a revoked replica syncs", officer, "sync")
    check("it is told what is kept and what to do",
          status == 69 and "2 unsent edits are kept here" in err, err)
    same("it reads on", held(officer), have)
    code = city.hub("invite", officer.badge).strip()
    status, out, _ = timed("it enrolls onto its file", officer, "enroll",
                           city.hub.url, "--badge", officer.badge, "--code",
                           code)
    check("and its edits went", status == 0 and "2 unsent" in out, out)
    same("nothing was dropped meanwhile", held(officer), have)
    arrived(sergeant, title)


def moved(city, officer, sergeant):
    """Their assignment ends; a moment later they still write."""
    title = write(officer, "Before the move", "35X")
    city.hub("member", "set", officer.badge, "--beats", "B02")
    late = write(officer, "After the move", "35X")
    timed("the officer moved to B02 syncs", officer, "sync")
    same("nothing is unsent", officer.json("status")["unsent"], 0)
    check("35X is gone, B02 is there",
          "beat:35X" not in officer("books")
          and "beat:B02" in officer("books"))
    same("no record of 35X is left", find(officer, title), [])
    arrived(sergeant, title)
    waiting = sergeant.json("held")
    same("what was made after the move waits for a decision",
         (len(waiting), find(sergeant, late)), (1, []))
    sergeant("accept", waiting[0]["edit"])
    arrived(sergeant, late)
    seen(officer("status"))


def replaced(city, folder, officer, sergeant):
    """A new device; the old one turns up again with unsent edits."""
    title = write(officer, "Left on the old device", "B02")
    fresh = Person(folder, officer.badge, "fresh")
    code = city.hub("invite", officer.badge).strip()
    timed("a new device", fresh, "enroll", city.hub.url, "--badge",
          officer.badge, "--code", code)
    same("it has what the hub has", find(fresh, title), [])
    timed("the old device syncs", officer, "sync")
    fresh("sync")
    same("then the new one has its edits", len(find(fresh, title)), 1)
    arrived(sergeant, title)
    same("both hold the same", held(fresh), held(officer))
    return fresh


def story(folder, records):
    city = bench.City(folder, records, 2)
    city.hub("member", "add", "900", "--name", "Mota", "--access",
             "sergeant", "--unit", "A1")
    sergeant = city.person("900")
    officer = Person(folder, "4471")
    city.hub("member", "set", "4471", "--beats", "35X")
    city.enroll(officer, city.hub.url)
    print(f"# the officer holds {held(officer)} of {records} records")
    revoked(city, officer, sergeant)
    moved(city, officer, sergeant)
    fresh = replaced(city, folder, officer, sergeant)
    same("every file verifies", [p.run("verify")[0] for p in
                                 (officer, sergeant, fresh)], [0, 0, 0])
    check("the log verifies", city.hub("audit", "verify") != "")


def main(records):
    folder = tempfile.mkdtemp(prefix="beatbook-bench-")
    try:
        story(folder, records)
    finally:
        for hub in bench.hubs:
            hub.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20000)

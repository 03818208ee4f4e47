"""Who wrote later wins, whoever syncs first, also when one device's wall clock
is two days wrong: a clock that can be set decides nothing."""
import glob

from lib import Person, check, city, main, same


def wrong_clock(offset):
    """Only the wall clock: what counts through sleep cannot be set."""
    found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    return {"LD_PRELOAD": found[0], "FAKETIME": offset,
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "ASAN_OPTIONS": "verify_asan_link_order=0"} if found else None


def one(a, b, project, offset, a_first):
    env = wrong_clock(offset)
    name = f"{offset}, {'first' if a_first else 'last'} to sync"
    a.run("set", project, f"goal=A, {name}", env=env)
    b("set", project, f"goal=B, {name}")
    if a_first:
        out = a.run("sync", env=env)[1]
        b("sync")
    else:
        b("sync")
        out = a.run("sync", env=env)[1]
    check(f"{name}: the clock is told about", "clock" in out, out)
    for who in (a, b):
        who("sync")
    for who in (a, b):
        same(f"{name}: {who.badge} has what was written later",
             who.field(project, "goal"), f"B, {name}")
        same(f"{name}: {who.badge} sees both values",
             [(c["won"], c["lost"]) for c in who.json("conflicts")],
             [(f"B, {name}", f"A, {name}")])
    b("resolve", project, "goal", "keep")
    b("sync")
    a("sync")


def story(folder, hubs):
    if not wrong_clock("+2d"):
        print("ok - wrong clocks # SKIP no libfaketime here")
        return
    hub = city(folder)
    hubs.append(hub)
    a = Person(folder, "4471").enroll(hub)
    b = Person(folder, "4480").enroll(hub)
    project = a.add("project", title="Harbor Garage", beat_ids="12X")
    a("sync")
    b("sync")
    for offset in ("+2d", "-2d"):
        for a_first in (True, False):
            one(a, b, project, offset, a_first)
    for who in (a, b):
        check(f"{who.badge}: verify", who.run("verify")[0] == 0)
    hub("audit", "verify")


if __name__ == "__main__":
    main(story)

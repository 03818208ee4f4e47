"""The rows of DESIGN.md section 11, with the very words they are told in."""
import os
import stat

from lib import CLIENT, Person, check, city, main, run, same


def values(me, name):
    """Each refused save says field, reason, what would be right, and changes
    nothing."""
    before = me.json("show", name)
    cases = (
        ("wrong type", "opened_on=soon", "Opened", "2026-"),
        ("unknown enum value", "stage=scaning", "Stage", "scanning"),
        ("required field emptied", "title=", "Title", ""),
        ("ref to no record", "beat_ids=99Z", "Beats", "99Z"),
        ("ref that is no id", "beat_ids=a b/c", "Beats", ""),
        ("too long a text", "title=" + "x" * 201, "Title", "200"),
        ("too long a text: its size", "title=" + "x" * 201, "201", ""),
        ("too long a long text", "goal=" + "y" * 70000, "Goal", "65536"),
        ("control character", "title=a\x1b[31mb", "Title", "^["),
        ("line break in one line", "title=a\nb", "Title", "one line"),
        ("wrong bool", "replicable=perhaps", "Replicable", "yes"),
    )
    for what, word, first, second in cases:
        err = me.fails(what, 65, "beatbook: ", "set", name, word)
        check(f"{what}: says what and why", first in err and
              second in err and err.count("\n") == 1 and "\x1b" not in err,
              err)
    status, _, err = me.run("set", name, b"title=\xff\xfe")
    check("not UTF-8", status == 65 and "UTF-8" in err, err)
    me.fails("NUL on standard input", 65, "NUL", "set", name, "goal=@-",
             text="a\0b")
    me.fails("no such file", 65, "nowhere", "set", name, "goal=@/nowhere")
    me.fails("required fields of a new record", 65, "", "add", "contact",
             "phone=1")
    same("nothing was changed", me.json("show", name), before)


def disk(folder, me, name):
    os.chmod(me.file, stat.S_IRUSR)
    for extra in ("-wal", "-shm"):
        if os.path.exists(me.file + extra):
            os.remove(me.file + extra)
    status, _, err = me.run("set", name, "goal=read only")
    if os.geteuid() == 0 and status == 0:
        print("ok - a read-only file # SKIP root may write it")
    else:
        check("a read-only file: the save fails visibly", status == 74, err)
    os.chmod(me.file, stat.S_IRUSR | stat.S_IWUSR)
    if os.path.exists("/dev/full"):
        with open("/dev/full", "wb") as full:
            status = _into(me, full)
        same("standard output full", status, 74)


def _into(me, out):
    import subprocess
    from lib import ENV
    return subprocess.run(me.argv(("list", "project", "--json")), stdout=out,
                          stderr=subprocess.DEVNULL, env=ENV,
                          check=False).returncode


def damaged(folder, me):
    data = bytearray(open(me.file, "rb").read())
    for what, broken in (
            ("no database", b"<html>this is no database</html>" * 200),
            ("a damaged page", bytes(data[:100]) + b"\xaa" * 8000 +
             bytes(data[8100:])),
            ("a short file", bytes(data[:5000]))):
        bad = Person(folder, me.badge, "bad")
        with open(bad.file, "wb") as f:
            f.write(broken)
        status, out, err = bad.run("status")
        check(f"{what}: refused, with what to do", status == 74 and
              "verify" in err and "enroll" in err and out == "", err)
        status, _, _ = bad.run("list", "project")
        same(f"{what}: never overwritten", open(bad.file, "rb").read(),
             broken)
        for extra in ("", "-wal", "-shm"):
            if os.path.exists(bad.file + extra):
                os.remove(bad.file + extra)


def control_characters(me, hub):
    """What came in by other ways is shown as ^X, never sent."""
    status, _, err = run([CLIENT, "sh\x1b[2Jow"])
    check("control characters in messages", status == 2 and "\x1b" not in err
          and "^[" in err, err)


def story(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    me = Person(folder, "4471").enroll(hub)
    name = me.add("project", title="Harbor Garage", beat_ids="12X")
    values(me, name)
    control_characters(me, hub)
    me("sync")
    disk(folder, me, name)
    damaged(folder, me)
    check("the good file is as it was", me.run("verify")[0] == 0)


if __name__ == "__main__":
    main(story)

"""The rows of DESIGN.md section 11, with the very words they are told in."""
import os
import stat

from lib import CLIENT, Person, check, city, main, run, same


def values(me, name):
    """Each refused save says field, reason, what would be right, and changes
    nothing."""
    before = me.json("show", name)
    cases = (
        ("wrong type", "opened_on=soon",
         "Opened: 'soon' is not a day: +3d, fri or 2026-11-22"),
        ("unknown enum value", "stage=scaning",
         "Stage: 'scaning' is not one of its values: give scanning, "
         "analysis, response, assessment"),
        ("required field emptied", "title=",
         "Title is missing: give title=VALUE"),
        ("ref to no record", "beat_ids=99Z",
         "Beats: there is no Beat '99Z': `beatbook list beat` shows them"),
        ("ref to a code near by", "beat_ids=12XX",
         "Beats: there is no Beat '12XX': did you mean 12X? `beatbook list "
         "beat` shows them"),
        ("ref to a member near by", "owner_id=4472",
         "Owner: there is no Member '4472': did you mean 4471? `beatbook "
         "list member` shows them"),
        ("ref that is no id", "beat_ids=a b/c",
         "Beats: 'a b/c' is not a record's id: give one such as 2f-1a, or "
         "an official code"),
        ("too long a text", "title=" + "x" * 201,
         "Title: 201 bytes are over its limit of 200: shorten it by 1"),
        ("too long a long text", "goal=" + "y" * 70000,
         "Goal: 70000 bytes are over its limit of 65536: shorten it by 4464"),
        ("control character", "title=a\x1b[31mb",
         "Title: the control character ^[ at line 1, byte 2: remove it"),
        ("line break in one line", "title=a\nb",
         "Title: a line break at byte 2: give it in one line"),
        ("wrong bool", "replicable=perhaps",
         "Replicable: 'perhaps' is neither yes nor no: give yes or no, or "
         "leave it empty"),
        ("not UTF-8", b"title=\xff\xfe",
         "Title: the byte 0xff at line 1, byte 1 is not UTF-8: remove it or "
         "save the text as UTF-8"),
        ("no such file", "goal=@/nowhere",
         "/nowhere cannot be read (No such file or directory): check the "
         "name"),
    )
    for what, word, message in cases:
        got = me.run("set", name, word)
        same(what, got, (65, "", f"beatbook: {message}\n"))
    same("NUL on standard input", me.run("set", name, "goal=@-", text="a\0b"),
         (65, "", "beatbook: standard input holds a NUL character: give text "
          "in UTF-8\n"))
    same("a required field of a new record is missing",
         me.run("add", "contact", "phone=1"),
         (65, "", "beatbook: Name is missing: give name=VALUE\n"))
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


def looked_into(what, bad):
    """verify says itself how far it could look, not to run verify."""
    status, out, err = bad.run("verify")
    if what == "no database":
        same(f"{what}: verify", (status, out, err), (
            74, "", f"beatbook: {bad.file} is no database any more: keep it, "
            "and enroll into a new file\n"))
    else:
        count = len(out.splitlines())
        same(f"{what}: verify", (status, err), (
            1, f"beatbook: {bad.file}: {count} "
            f"finding{'s' if count != 1 else ''}: keep this file, nothing in "
            "it was changed, and enroll into a new one\n"))
        check(f"{what}: verify tells the findings", count > 0 and all(
            line.startswith("the file: ") for line in out.splitlines()), out)


def inside(folder, me):
    """Damage that opening does not meet, found by reading on."""
    data = bytearray(open(me.file, "rb").read())
    bad = Person(folder, me.badge, "inside")
    for page in range(len(data) // 4096 // 2, len(data) // 4096):
        data[page * 4096:page * 4096 + 200] = b"\xaa" * 200
    with open(bad.file, "wb") as f:
        f.write(data)
    status, out, err = bad.run("verify")
    check("damage within: verify tells it", status == 1 and "finding" in err
          and "beatbook verify" not in err and out != "", (status, out, err))


def unreadable(folder, me):
    at = os.path.join(folder, "place")
    os.mkdir(at)
    for words in (("status",), ("verify",), ("list", "project")):
        same(f"{words[0]} of a folder", run([CLIENT, "-r", at, *words]),
             (74, "", f"beatbook: {at} is a folder, no replica: check the "
              "name\n"))
    same("a replica that is a device", run([CLIENT, "-r", "/dev/null",
                                            "status"]),
         (74, "", "beatbook: /dev/null is no ordinary file, no replica: check "
          "the name\n"))
    os.rmdir(at)
    if os.geteuid() == 0:
        print("ok - a file that cannot be read # SKIP root may read it")
        return
    os.chmod(me.file, 0)
    same("a file that cannot be read", me.run("status"),
         (74, "", f"beatbook: replica ({me.file}) cannot be read (Permission "
          "denied): check the name and its permissions\n"))
    os.chmod(me.file, stat.S_IRUSR | stat.S_IWUSR)


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
        same(f"{what}: refused, with what to do", (status, out, err),
             (74, "", f"beatbook: replica ({bad.file}) is damaged and was "
              "left as it is: run `beatbook verify` to see how far, keep the "
              "file, and enroll again into a new one\n"))
        looked_into(what, bad)
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
    unreadable(folder, me)
    damaged(folder, me)
    inside(folder, me)
    check("the good file is as it was", me.run("verify")[0] == 0)


if __name__ == "__main__":
    main(story)

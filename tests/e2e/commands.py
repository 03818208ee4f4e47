"""The commands of beatbook as DESIGN.md section 10 promises them."""
import csv
import io
import json
import os

from lib import CLIENT, Person, check, city, main, run, same

COMMANDS = ("open enroll sync books status list show add set void unvoid log "
            "conflicts resolve find kinds verify keys").split()


def help_and_version(folder):
    status, out, _ = run([CLIENT, "--version"])
    check("--version", status == 0 and out.startswith("beatbook 0."), out)
    status, out, _ = run([CLIENT, "--help"])
    missing = [c for c in COMMANDS if f"\n  {c} " not in out]
    check("--help lists every command", status == 0 and not missing, missing)
    for command in COMMANDS:
        status, out, _ = run([CLIENT, command, "--help"])
        check(f"{command} --help",
              status == 0 and out.startswith(f"usage: beatbook {command}"),
              out)
    nobody = Person(folder, "none")
    nobody.fails("an unknown command", 2,
                 "beatbook: 'lst' is no command: did you mean list?\n", "lst")
    nobody.fails("an unknown option", 2,
                 "beatbook: unknown option --jsn: did you mean --json?\n",
                 "list", "project", "--jsn")
    nobody.fails("no replica", 74, "enroll", "status")
    nobody.fails("screens without a terminal", 2,
                 "beatbook: the screens need a terminal: give a command, see "
                 "beatbook --help\n")


def enrolment(folder, hub, me):
    me.fails("enroll without a badge", 2,
             "beatbook: --badge is missing: write enroll URL --badge B "
             "--code C\n", "enroll", hub.url, "--code", "x")
    me.fails("enroll with a wrong code", 69, "", "enroll", hub.url, "--badge",
             "4471", "--code", "wrongwrong")
    check("a refused enrolment leaves no file", not os.path.exists(me.file))
    me.enroll(hub)
    check("the replica is readable by its owner alone",
          os.stat(me.file).st_mode & 0o077 == 0)
    code = hub("invite", "4471").strip()
    words = ("enroll", hub.url, "--badge", "4471", "--code", code)
    Person(folder, "4471", "second")(*words)
    Person(folder, "4471", "third").fails("a code is taken once", 69, "",
                                          *words)
    home = os.path.join(folder, "home")
    code = hub("invite", "4471").strip()
    status, _, err = run([CLIENT, "enroll", hub.url, "--badge", "4471",
                          "--code", code], env={"XDG_DATA_HOME": home})
    check("the usual place is made", status == 0 and os.path.exists(
        os.path.join(home, "beatbook", "replica.db")), err)


def states(me):
    got = me.json("status")
    same("status --json has its members", sorted(got), sorted((
        "unsent held refused conflicts books last_sync clock_offset_s "
        "replica member").split()))
    same("status: books", sorted(got["books"]),
         ["beat:12X", "dept", "member:4471", "unit:A1"])
    check("status: types", isinstance(got["unsent"], int) and
          isinstance(got["replica"], int) and got["member"] == "4471" and
          got["last_sync"].endswith("Z"), got)
    check("status for people", "unsent     0\n" in me("status"))
    same("books", sorted(me("books").split()), sorted(got["books"]))
    check("sync --json is one object",
          isinstance(me.json("sync"), dict))


def writing(folder, me):
    name = me.add("project", title="Harbor Garage", beat_ids="12X")
    check("add prints KIND/ID", name.startswith("project/"), name)
    got = me.json("show", name)
    same("show: record", got["record"], name)
    same("show: defaults", (got["kind"], got["stage"], got["status"],
                            got["owner_id"]), ("sara", "scanning", "open",
                                               "4471"))
    same("show: a list of refs is an array", got["beat_ids"], ["12X"])
    check("show: what is not set is absent", "goal" not in got, got)
    check("show: related", isinstance(got["related"], dict) and
          all(isinstance(v, list) for v in got["related"].values()), got)
    check("show: dates", len(got["opened_on"]) == 10 and
          got["created_at"].endswith("Z"), got)
    before = me.json("status")["unsent"]
    me("set", name, "stage=analysis", "goal=7 by August = half")
    same("several fields are one edit", me.json("status")["unsent"],
         before + 1)
    same("VALUE may hold =", me.field(name, "goal"), "7 by August = half")
    path = os.path.join(folder, "goal.txt")
    with open(path, "w", encoding="utf-8") as f:
        f.write("from a file\nin two lines\n")
    me("set", name, f"goal=@{path}")
    same("FIELD=@FILE", me.field(name, "goal"), "from a file\nin two lines")
    me("set", name, "goal=@-", text="from standard input\n")
    same("FIELD=@-", me.field(name, "goal"), "from standard input")
    me("set", name, "goal=")
    check("FIELD= empties", me.field(name, "goal") is None)
    unsent = me.json("status")["unsent"]
    me("set", name, "stage=analysis")
    same("an edit that changes nothing writes nothing",
         me.json("status")["unsent"], unsent)
    note = me.add("project_update", project_id=name.split("/")[1],
                  text="Walked the lot")
    same("show: related records", [
        r["record"] for r in me.json("show", name)["related"]
        ["project_update"]], [note])
    check("show for people", "Walked the lot" in me("show", name))
    return name, note


def voiding(me, note):
    me.fails("void without a reason", 2, "write void KIND/ID REASON", "void",
             note)
    me("void", note, "written", "twice")
    check("void hides", note not in
          [r["record"] for r in me.json("list", "project_update")])
    same("void:any finds it", [r["void"] for r in me.json(
        "list", "project_update", "void:any") if r["record"] == note],
        ["written twice"])
    me.fails("void twice", 65, "", "void", note, "again")
    me("unvoid", note)
    check("unvoid brings it back", note in
          [r["record"] for r in me.json("list", "project_update")])


def reading(me, name):
    second = me.add("project", title="Pine, \"Terrace\"", beat_ids="12X",
                    opened_on="-40d")
    names = [r["record"] for r in me.json("list", "project", "--sort",
                                          "title")]
    same("list --sort", names, [name, second])
    same("list --sort -", [r["record"] for r in me.json(
        "list", "project", "--sort", "-title")], [second, name])
    same("list --limit", len(me.json("list", "project", "--limit", "1")), 1)
    same("list with a query", [r["record"] for r in me.json(
        "list", "project", "stage:analysis", "owner_id:me")], [name])
    same("list with a date", [r["record"] for r in me.json(
        "list", "project", "opened_on:<-30d")], [second])
    same("an empty list is an answer", me.json("list", "council"), [])
    rows = list(csv.DictReader(io.StringIO(
        me("list", "project", "--csv"), newline="")))
    same("list --csv", sorted(r["title"] for r in rows),
         ["Harbor Garage", "Pine, \"Terrace\""])
    wide = [line for line in me("list", "project").splitlines()
            if len(line) > 79]
    same("list keeps to 80 columns", wide, [])
    found = me.json("find", "walked")
    check("find --json", len(found) == 1 and found[0]["record"].startswith(
        "project_update/"), found)
    same("find nothing", me.json("find", "xyzzyx"), [])
    kinds = me.json("kinds")
    check("kinds --json", isinstance(kinds, list) and
          "project" in [k["kind"] for k in kinds])
    stage = [f for f in me.json("kinds", "project")["fields"]
             if f["name"] == "stage"][0]
    same("kinds KIND --json", (stage["type"], stage["values"][0]),
         ("enum", "scanning"))
    check("verify", me("verify") != "")
    check("keys", "bind" in me("keys"))


def log(me, name):
    entries = me.json("log", name)
    same("log: newest first", [sorted(e["set"]) for e in entries][0],
         ["goal"])
    check("log: members", {"edit", "seq", "at", "by", "record", "set"} <=
          set(entries[0]), entries[0])
    check("log: unsent has no seq", entries[0]["seq"] is None, entries[0])
    me("sync")
    entries = me.json("log", name)
    check("log: seq after a sync", entries[0]["seq"] > 0, entries[0])
    check("log: verdict", all(v == "won" for v in
                              entries[0]["verdict"].values()), entries[0])
    check("log of all", len(me.json("log")) > len(entries))
    check("log for people", name in me("log", name))


def enrolled_again(hub, me):
    """Never onto a file that is there: it may hold unsent edits."""
    before = me.json("status")
    name = me.add("project", title="Before", beat_ids="12X")
    code = hub("invite", "4471").strip()
    me.fails("enrolling onto a file that is there is refused", 74,
             "exists already and was left as it is: name another file with "
             "-r\n", "enroll", hub.url, "--badge", "4471", "--code", code)
    after = me.json("status")
    same("it is the same replica, with one more unsent edit",
         (after["replica"], after["unsent"]),
         (before["replica"], before["unsent"] + 1))
    other = Person(os.path.dirname(me.file), "4471", "other")
    other("enroll", hub.url, "--badge", "4471", "--code", code)
    check("the code was not spent by it: another file takes it",
          other.json("status")["replica"] != before["replica"])
    me("sync")
    check("verify", me.run("verify")[0] == 0, name)


def statuses(me, name):
    me.fails("no such record", 1, "", "show", "project/zz-zz")
    me.fails("an unknown kind", 2,
             "beatbook: there is no kind 'projct': did you mean project?\n",
             "list", "projct")
    me.fails("an unknown field", 65,
             "beatbook: project has no field 'stge': did you mean stage?\n",
             "set", name, "stge=analysis")
    me.fails("no KIND/ID", 2, "beatbook: 'harbor' is no record: write "
             "KIND/ID, such as project/2f-1a\n", "show", "harbor")
    me.fails("no FIELD=VALUE", 2, "is not FIELD=VALUE", "set", name, "stage")
    me.fails("a field twice", 2, "beatbook: stage is given twice: give it "
             "once\n", "set", name, "stage=analysis", "stage=response")
    me.fails("a wrong query", 65, "", "list", "project", "nofield:3")
    me.fails("a wrong limit", 2, "", "list", "project", "--limit", "many")
    me.fails("a beat is not an officer's to write", 77, "", "set",
             "beat/12X", "name=Mine")
    me.fails("no conflict there", 1, "", "resolve", name, "goal", "keep")
    me.fails("resolve with a wrong word", 2, "write keep, take, or =VALUE",
             "resolve", name, "goal", "mine")


def story(folder, hubs):
    help_and_version(folder)
    hub = city(folder)
    hubs.append(hub)
    me = Person(folder, "4471")
    enrolment(folder, hub, me)
    states(me)
    name, note = writing(folder, me)
    voiding(me, note)
    reading(me, name)
    log(me, name)
    statuses(me, name)
    json.loads(me("conflicts", "--json"))
    same("conflicts: none", me.json("conflicts"), [])
    enrolled_again(hub, me)


if __name__ == "__main__":
    main(story)

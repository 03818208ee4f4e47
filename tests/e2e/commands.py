"""The commands of beatbook as DESIGN.md section 10 promises them."""
import csv
import io
import json
import os
import re
import unicodedata

from lib import CLIENT, Person, check, city, main, run, same

COMMANDS = ("open enroll sync books status list show add set void unvoid log "
            "conflicts resolve find kinds verify keys").split()


def cells(line):
    """How wide a line is on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


def help_and_version(folder):
    status, out, _ = run([CLIENT, "--version"])
    check("--version", status == 0 and out.startswith("beatbook 0."), out)
    status, out, _ = run([CLIENT, "--help"])
    check("the usage is one paragraph", "COMMAND]\n\n" in out and
          out.index("\n\n") == out.index("COMMAND]\n\n") + 8, out)
    missing = [c for c in COMMANDS if f"\n  {c} " not in out]
    same("--help keeps to 80 columns",
         [line for line in out.splitlines() if len(line) > 79], [])
    check("--help lists every command", status == 0 and not missing, missing)
    for command in COMMANDS:
        status, out, _ = run([CLIENT, command, "--help"])
        check(f"{command} --help",
              status == 0 and out.startswith(f"usage: beatbook {command}")
              and max(len(line) for line in out.splitlines()) <= 79, out)
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
    me.fails("enroll with a wrong code", 69, "badge and code do not fit: "
             "check both, or ask for a new code\n", "enroll", hub.url,
             "--badge", "4471", "--code", "wrongwrong")
    status, _, err = me.run("enroll", "http://127.0.0.1:1", "--badge", "4471",
                            "--code", "wrongwrong")
    check("nothing is said of edits where there is no file", status == 75 and
          "was not reached" in err and "edits" not in err, err)
    check("a refused enrolment leaves no file", not os.path.exists(me.file))
    me.enroll(hub)
    check("the replica is readable by its owner alone",
          os.stat(me.file).st_mode & 0o077 == 0)
    code = hub("invite", "4471").strip()
    words = ("enroll", hub.url, "--badge", "4471", "--code", code)
    Person(folder, "4471", "second")(*words)
    Person(folder, "4471", "third").fails("a code is taken once", 69, "",
                                          *words)
    me.fails("onto a file that is there: its edits are kept", 75,
             "try again later; all edits are kept\n", "enroll",
             "http://127.0.0.1:1", "--badge", "4471", "--code", "wrongwrong")
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
        "replica member hub_refuses").split()))
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
    same("show: an id in any case", me.json(
        "show", name.upper().replace("PROJECT", "project"))["record"], name)
    me("set", name, "beat_ids=12x")
    same("set: a code in any case", me.json("show", name)["beat_ids"],
         ["12X"])
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
    check("and marks it for people", [
        line for line in me("list", "project_update",
                            "void:any").splitlines() if note in line and
        "VOID" in line])
    me.fails("an option of the program's behind the command", 2,
             "-r stands before the command", "kinds", "concern", "-r", "F")
    top = me("show", note).splitlines()[1:3]
    check("show says on top why, when and by whom",
          top[0].split() == ["VOID", "[unsent]", "written", "twice"] and
          top[1].startswith("  voided ") and top[1].endswith(" by 4471"), top)
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
    same("find nothing, in words", me.run("find", "xyzzyx", "y"),
         (0, "", "beatbook: no record here matches 'xyzzyx y'\n"))
    same("find nothing, in JSON, is one document",
         me.run("find", "xyzzyx", "--json"), (0, "[]\n", ""))
    same("nothing is held", me.run("held"),
         (0, "", "beatbook: no held edit waits for a decision\n"))
    same("nothing was decided", me.run("held", "--decided"),
         (0, "", "beatbook: no held edit was decided\n"))
    same("no conflict", me.run("conflicts"),
         (0, "", "beatbook: there is no open conflict\n"))
    kinds = me.json("kinds")
    check("kinds --json", isinstance(kinds, list) and
          "project" in [k["kind"] for k in kinds])
    stage = [f for f in me.json("kinds", "project")["fields"]
             if f["name"] == "stage"][0]
    same("kinds KIND --json", (stage["type"], stage["values"][0]),
         ("enum", "scanning"))
    check("verify", me("verify") != "")
    check("keys", "bind" in me("keys"))


def lists(folder, me, name):
    """The same columns whatever the rows; id and title can be read."""
    me.add("project", title="车库盗窃案件的调查与应对以及后续的评估工作安排",
           beat_ids="12X")
    me("set", name, "title=Harbor Garage lot B, windows broken on weekends")
    rows = me("list", "project").splitlines()
    none = me("list", "project", "title:xyzzyx").splitlines()
    same("list: no rows, the same columns", none[0].split(),
         rows[0].split())
    harbor = [r for r in rows if r.startswith(name)][0]
    check("list: the title gets the room",
          "Harbor Garage lot B," in harbor, rows)
    check("list: columns are whole or not there", all(
        w in harbor for w in ("Analysis", "Open", "4471", "12X")), harbor)
    check("list: wide characters stay in columns",
          all(cells(r) <= 79 for r in rows) and len({
              cells(r[:r.rindex("4471")]) for r in rows[1:]}) == 1, rows)
    notes = me("list", "project_update").splitlines()
    check("list: an instant is shortened to its day", len(notes) > 1 and
          not [r for r in notes if re.search(r" \d\d:\d\d", r)] and
          re.search(r" 20\d\d-\d\d-\d\d", notes[1]), notes)


def shown(me, name):
    """Marks stand where a value begins; long names have a line."""
    out = me("show", name).splitlines()
    check("show: [unsent] before the value",
          "  title               [unsent] Harbor Garage lot B, windows "
          "broken on weekends" in out, out)
    me("set", name, "goal=" + "many words here " * 20,
       "discussed_with_council_on=2026-11-20",
       "title=" + "Seven cars with bags in view at the Harbor Garage " * 3)
    out = me("show", name).splitlines()
    check("show: on the first line of a long one", [
        line for line in out
        if line.startswith("  goal                [unsent] many")], out)
    wide = [line for line in out if cells(line) > 79]
    same("show keeps to 80 columns", wide, [])
    at = out.index("  discussed_with_council_on") if (
        "  discussed_with_council_on" in out) else -2
    check("show: a long name is above its value", out[at + 1].endswith(
        "[unsent] 2026-11-20") and out[at + 1].startswith(" " * 22), out)


def fields_off(me, name):
    """Oakland's profile has no plans: project.plan_id is not in use."""
    check("kinds leaves out what is off", "\nplan_id " not in
          me("kinds", "project") and "plan_id" not in [
              f["name"] for f in me.json("kinds", "project")["fields"]])
    for words in (("set", name, "plan_id=1-1"),
                  ("add", "project", "title=x", "plan_id=1-1")):
        me.fails(f"{words[0]} refuses a field that is off", 65,
                 "beatbook: Plan: the department's profile has this field "
                 "off: `beatbook kinds project` lists those in use\n",
                 *words)


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
    same("log --limit", len(me.json("log", "--limit", "2")), 2)
    same("log KIND/ID --limit", len(me.json("log", name, "--limit", "1")), 1)
    me.fails("log --limit with no count", 2, "beatbook: --limit few is no "
             "count: give a number from 1\n", "log", "--limit", "few")


def table(text):
    """{edit: line} of `log`; {edit: [lines]} of `log KIND/ID`."""
    entries, last = {}, None
    for line in text.splitlines()[1:]:
        if line.startswith("    "):
            entries[last].append(line.strip())
        else:
            last = line.split()[0]
            entries[last] = [line]
    return entries


def decided(folder, hub, me):
    """Two who did not see each other: who won, over what, and who settled."""
    chen = Person(folder, "4480").enroll(hub)
    name = me.add("project", title="Seawall", beat_ids="12X")
    me("sync")
    chen("sync")
    me("set", name, "stage=analysis", "goal=half by August")
    mine = me.json("log", name)[0]["edit"]
    check("log: unsent", f"  {name}" in table(me("log"))[mine][0] and
          "  unsent  " in table(me("log"))[mine][0], me("log"))
    chen("set", name, "stage=response")
    theirs = chen.json("log", name)[0]["edit"]
    chen("set", name, "status=on_hold")
    chen("sync")
    me("sync")
    chen("sync")
    log_of = table(chen("log", name))
    check("log KIND/ID: partly lost", log_of[mine][0].endswith(
        "  lost 1 of 2"), log_of)
    made = chen.json("log", name)[-1]["edit"]
    check("log KIND/ID: a line for each field, over what, lost to what",
          f"stage, over {made}, lost to {theirs}: analysis" in log_of[mine]
          and [x for x in log_of[mine] if x.endswith(": half by August")],
          log_of[mine])
    check("log KIND/ID: won", log_of[theirs][0].endswith("  won"), log_of)
    lines = chen("conflicts").splitlines()
    check("conflicts for people: both sides", lines[0] == f"{name} stage" and
          re.fullmatch(r"  won   \d{4}-\d\d-\d\d \d\d:\d\d 4480  response",
                       lines[1]) and lines[2].startswith("  lost  ") and
          lines[2].endswith(" 4471  analysis"), lines)
    me("set", name, "status=closed")
    before = table(me("log"))
    check("log: verdicts in their column", "  verdict  " in
          me("log").splitlines()[0] and "  won" in before[theirs][0] and
          "  lost 1 of 2  " in before[mine][0], me("log"))
    me("set", name, "lessons=Mine" + " is a long one" * 10)
    chen("set", name, "lessons=Theirs" + " is as long" * 10 + " at its end")
    for who in (me, chen, me):
        who("sync")
    same("conflicts shows long values whole", me("conflicts").count(
        "at its end"), 1)
    same("conflicts keeps to 80 columns", [
        line for line in me("conflicts").splitlines() if cells(line) > 79],
        [])
    chen("resolve", name, "stage", "take")
    settling = chen.json("log", name)[0]["edit"]
    check("log KIND/ID: what it settles", f"resolves {mine} on stage" in
          table(chen("log", name))[settling], chen("log", name))
    chen("resolve", name, "lessons", "keep")
    chen("sync")
    me("sync")
    for out in (me("log"), me("log", name), chen("log")):
        wide = [line for line in out.splitlines() if cells(line) > 79]
        same("log keeps to 80 columns", wide, [])


def enrolled_again(hub, me):
    """Onto one's own file: what is unsent in it is sent."""
    before = me.json("status")
    name = me.add("project", title="Before", beat_ids="12X")
    code = hub("invite", "4471").strip()
    out = me("enroll", hub.url, "--badge", "4471", "--code", code)
    after = me.json("status")
    check("enrolling onto a file that is there keeps it",
          after["replica"] != before["replica"] and after["unsent"] == 0 and
          len(me.json("list", "project", "title:Before")) == 1, out)
    me("sync")
    check("verify", me.run("verify")[0] == 0, name)


def statuses(me, name):
    me.fails("no such record", 1, "", "show", "project/zz-zz")
    me.fails("an unknown kind", 2,
             "beatbook: there is no kind 'projct': did you mean project?\n",
             "list", "projct")
    me.fails("a kind by its label", 2,
             "beatbook: there is no kind 'update': did you mean "
             "project_update?\n", "list", "update")
    me.fails("by that of many", 2,
             "beatbook: there is no kind 'Updates': did you mean "
             "project_update?\n", "kinds", "Updates")
    me.fails("by its label in a query", 65,
             "beatbook: there is no kind 'update': did you mean "
             "project_update?\n", "find", "in:update")
    me.fails("an unknown field", 65,
             "beatbook: project has no field 'stge': did you mean stage?\n",
             "set", name, "stge=analysis")
    me.fails("no KIND/ID", 2, "beatbook: 'harbor' is no record: write "
             "KIND/ID, such as project/2f-1a\n", "show", "harbor")
    me.fails("no FIELD=VALUE", 2, "is not FIELD=VALUE", "set", name, "stage")
    me.fails("a field twice", 2, "beatbook: stage is given twice: give it "
             "once\n", "set", name, "stage=analysis", "stage=response")
    me.fails("an unknown kind for the screens' commands", 2,
             "did you mean project?\n", "add", "projec", "title=x")
    me.fails("an unknown kind in a query", 65,
             "beatbook: there is no kind 'projct': did you mean project?\n",
             "find", "in:projct")
    me.fails("an unknown kind in a query, near none", 65,
             "beatbook: there is no kind 'zzz': `beatbook kinds` lists "
             "them\n", "find", "in:zzz")
    me.fails("an unknown field in a query", 65,
             "beatbook: project has no field 'stge' to ask for: did you mean "
             "stage?\n", "list", "project", "stge:analysis")
    me.fails("an unknown field to sort by", 65,
             "beatbook: project has no field 'tilte' to sort by: did you "
             "mean title?\n", "list", "project", "--sort", "tilte")
    me.fails("a field that no kind has", 65,
             "beatbook: no kind has all of these fields: did you mean "
             "stage?\n", "find", "stge:analysis")
    me.fails("a wrong query", 65, "", "list", "project", "nofield:3")
    me.fails("a wrong limit", 2, "", "list", "project", "--limit", "many")
    me.fails("a beat is not an officer's to write", 77, "", "set",
             "beat/12X", "name=Mine")
    me.fails("no conflict there", 1, "", "resolve", name, "goal", "keep")
    me.fails("resolve with a wrong word", 2, "write keep, take, or =VALUE",
             "resolve", name, "goal", "mine")


def unknown_codes(me):
    """Who mistypes a code is told of the nearest, and what lists them."""
    def tells(name, status, message, *args):
        got, _, err = me.run(*args)
        same(name, (got, err), (status, f"beatbook: {message}\n"))

    beat = "did you mean 12X? `beatbook list beat` shows them"
    tells("show an unknown beat", 1, f"there is no beat/12XX: {beat}", "show",
          "beat/12XX")
    tells("set an unknown member", 1, "there is no member/4472: did you mean "
          "4471? `beatbook list member` shows them", "set", "member/4472",
          "name=X")
    tells("ask for an unknown beat's book", 1,
          f"there is no beat/12XX: {beat}", "books", "+beat:12XX")
    tells("a list of what is on no beat", 0,
          f"there is no beat/12XX: {beat}", "list", "project", "beat:12XX")
    tells("a list of what is nobody's", 0, "there is no member/4472: did you "
          "mean 4471? `beatbook list member` shows them", "list", "project",
          "owner_id:4472", "--json")
    status, _, err = me.run("list", "project", "owner_id:4480", "xyzzy")
    same("a list that is only empty", (status, err), (0, ""))


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
    lists(folder, me, name)
    shown(me, name)
    fields_off(me, name)
    me("set", name, "goal=")
    log(me, name)
    decided(folder, hub, me)
    statuses(me, name)
    unknown_codes(me)
    json.loads(me("conflicts", "--json"))
    same("conflicts: none", me.json("conflicts"), [])
    enrolled_again(hub, me)


if __name__ == "__main__":
    main(story)

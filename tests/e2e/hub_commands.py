"""beatbook-hub's commands, all while it serves."""
import json
import os
import re
import signal
import sqlite3

from lib import HUB, Hub, Person, check, city, main, run, same, square

COMMANDS = ("init", "serve", "unit add", "unit set", "unit list",
            "beat list", "member add", "member set",
            "member list", "member off", "invite", "replica list",
            "replica revoke", "profile show", "profile check",
            "profile set",
            "import beats", "audit verify", "backup", "restore", "stats")
DATA = os.path.join("..", "shared", "data")


def helps():
    status, out, _ = run([HUB, "--version"])
    check("hub --version", status == 0 and out.startswith("beatbook-hub 0."))
    status, out, _ = run([HUB, "--help"])
    missing = [c for c in COMMANDS if f"\n  {c} " not in out]
    check("hub --help lists every command", status == 0 and not missing,
          missing)
    for command in COMMANDS:
        status, out, _ = run([HUB, *command.split(), "--help"])
        check(f"hub {command} --help", status == 0 and
              out.startswith(f"usage: beatbook-hub {command}") and
              max(len(line) for line in out.splitlines()) <= 79, out)
    status, out, _ = run([HUB, "member", "--help"])
    check("help of a group", status == 0 and "member off" in out and
          "invite" not in out, out)
    status, _, err = run([HUB, "member", "ad"])
    check("unknown command", status == 2 and err ==
          "beatbook-hub: 'member ad' is no command: choose member add, "
          "member set, member list, member off\n", err)
    status, _, err = run([HUB])
    check("no command", status == 2 and "see beatbook-hub --help" in err, err)


def making(folder):
    hub = Hub(os.path.join(folder, "other"))
    os.mkdir(os.path.dirname(hub.place))
    hub.fails("a hub that is not there", 1, "with -d, or make one with "
              "`beatbook-hub init`\n", "stats")
    far = Hub(os.path.join(folder, "far", "away"))
    far.fails("a folder in none", 74, "cannot be made (No such file or "
              "directory): make it for this account, or name another with "
              "-d\n", "init", "--profile", "oakland")
    hub.fails("unknown profile", 1, "oakland", "init", "--profile", "atlantis")
    hub.fails("unknown zone", 65, "Mars/Base", "init", "--timezone",
              "Mars/Base")
    for profile in ("chicago", "lasd", "sanjose", "texas", "oakland"):
        check(f"profile check {profile}", "kinds" in
              hub("profile", "check", profile))
    same("init says which profile it took, and how to take another",
         hub("init"),
         f"made a hub in {hub.place}: profile oakland, zone "
         "America/Los_Angeles\nno --profile was given, so it is oakland's; "
         f"for another one remove\n  {hub.place}/hub.db\nand write\n"
         f"  beatbook-hub -d {hub.place} init --profile NAME|FILE\nwith sanjose, lasd, "
         "chicago, texas or a file of your own\n")
    os.remove(f"{hub.place}/hub.db")
    same("where one was given that is all",
         hub("init", "--profile", "chicago").count("\n"), 1)
    check("the profile's own zone", "chicago" in hub("profile", "show"))
    hub.fails("init twice", 74, "name an empty folder with -d", "init")
    hub.fails("where no beat is yet", 65, "there is no beat 1, nor any other: "
              "begin with `beatbook-hub import beats`\n", "unit", "add", "A",
              "--name", "A", "--beats", "1")
    hub.fails("where nobody is yet", 1, "begin with `beatbook-hub member "
              "add`\n", "invite", "1")
    same("empty lists are their heads", hub("unit", "list"),
         "CODE  NAME  KIND  PART OF  COMMANDER  MEMBERS  BEATS\n")


def damaged(folder):
    """A hub's file that is none: not told to enroll into a new one."""
    hub = Hub(os.path.join(folder, "damaged"))
    os.mkdir(os.path.dirname(hub.place))
    hub("init", "--profile", "oakland")
    for name in os.listdir(hub.place):
        with open(os.path.join(hub.place, name), "wb") as f:
            f.write(b"no database" * 1000)
    err = hub.fails("a damaged hub", 74, "keep the file, and restore a good "
                    "backup\n", "stats")
    check("and it is not taken for a replica", "enroll" not in err, err)


def people(hub):
    hub.fails("member without --name", 2, "--name is missing", "member",
              "add", "77", "--access", "officer")
    hub.fails("member with a wrong access", 65, "officer", "member", "add",
              "77", "--name", "X", "--access", "king")
    hub.fails("member twice", 65, "beatbook-hub: member 4471 is there "
              "already: change it with `beatbook-hub member set 4471`\n",
              "member", "add", "4471", "--name", "X", "--access", "officer")
    hub.fails("member in no unit", 65, "there is no unit ZZ: `beatbook-hub "
              "unit list` shows all\n", "member", "add", "77", "--name", "X",
              "--access", "officer", "--unit", "ZZ")
    hub.fails("member on no beat", 65, "there is no beat 99Z: `beatbook-hub "
              "beat list` shows all\n", "member", "add", "77", "--name", "X",
              "--access", "officer", "--beats", "12X,99Z")
    hub.fails("the nearest beat is named", 65, "there is no beat 12x: did you "
              "mean 12X? `beatbook-hub beat list` shows all\n", "member",
              "set", "4471", "--beats", "12x")
    hub.fails("the nearest member too", 1, "there is no member 4472: did you "
              "mean 4471? `beatbook-hub member list` shows all\n", "invite",
              "4472")
    check("a refused member is not there", "77 " not in hub("member",
                                                            "list"))
    hub.fails("a badge that is no id", 65, "cannot be a code", "member",
              "add", "a/b", "--name", "X", "--access", "officer")
    same("member add says so", hub(
        "member", "add", "78", "--name", "Y", "--access", "officer",
        "--beats", "12X"), "member 78 added, 1 assignment\n")
    same("member set says so", hub("member", "set", "78", "--name", "Z"),
         "member 78 changed\n")
    same("member set to the same", hub("member", "set", "78", "--name", "Z"),
         "member 78 is so already: nothing was changed\n")
    hub.fails("member set to nothing", 2, "nothing was given to change: write "
              "member set BADGE", "member", "set", "78")
    same("member off says so", hub("member", "off", "78"),
         "member 78 switched off\n")
    out = hub("member", "list")
    check("member list", "4471" in out and "Ibarra" in out and
          "BADGE" in out, out)
    hub("member", "set", "4471", "--name", "Ibarra, A.")
    check("member set", "Ibarra, A." in hub("member", "list"))
    hub.fails("set nobody", 1, "there is no member 9999", "member", "set",
              "9999", "--name", "X")
    hub.fails("invite nobody", 1, "there is no member 9999", "invite", "9999")
    hub.fails("invite who is off", 1, "member set 78 --active yes", "invite",
              "78")
    code = hub("invite", "4471")
    check("invite prints the code alone", code.count("\n") == 1 and
          len(code.strip()) >= 12 and " " not in code.strip(), code)


def profiles(hub, folder):
    who = Person(folder, "4471", "profiled").enroll(hub)
    broken = os.path.join(folder, "broken.json")
    with open(broken, "w", encoding="utf-8") as f:
        f.write('{"profile": "x",\n')
    hub.fails("no such profile", 1, "give chicago", "profile", "set",
              "atlantis")
    hub.fails("a broken one", 65, "broken.json: line 1", "profile", "set",
              broken)
    check("and nothing was changed", "oakland" in hub("profile", "show"))
    same("profile set says so", hub("profile", "set", "chicago"),
         "profile chicago set: replicas take it with their next sync; the "
         "time zone stays\n")
    check("it is in force while the hub serves", hub(
        "profile", "show").startswith("chicago: "), hub("profile", "show"))
    who("sync")
    same("and on who syncs", sqlite3.connect(who.file).execute(
        "SELECT value FROM _meta WHERE key='profile'").fetchall()[0][0],
        open("common/profiles/chicago/profile.json",
             encoding="utf-8").read())
    hub("profile", "set", "oakland")


def rows(hub, *command):
    """A list's rows, as the words between gaps."""
    lines = hub(*command).splitlines()
    return [re.split(r"  +", line) for line in lines]


def units(hub):
    hub.fails("unit twice", 65, "beatbook-hub: unit A1 is there already: "
              "change it with `beatbook-hub unit set A1`\n", "unit", "add",
              "A1", "--name", "X")
    hub.fails("unit without --name", 2, "--name is missing", "unit", "add",
              "B1")
    hub.fails("a kind that there is not", 65, "division", "unit", "add", "B1",
              "--name", "X", "--kind", "kingdom")
    hub("unit", "add", "B1", "--name", "Area 2", "--kind", "area",
        "--parent", "A1", "--beats", "12X")
    same("unit add says so", hub("unit", "add", "C1", "--name", "Area 3",
                                 "--beats", "12X,12Y"),
         "unit C1 added, 2 beats\n")
    same("unit list", rows(hub, "unit", "list"), [
        ["CODE", "NAME", "KIND", "PART OF", "COMMANDER", "MEMBERS", "BEATS"],
        ["A1", "Area 1", "area", "5", "12X, 12Y, 14X"],
        ["B1", "Area 2", "area", "A1", "0", "12X"],
        ["C1", "Area 3", "unit", "0", "12X, 12Y"]])
    same("beat list", rows(hub, "beat", "list"), [
        ["CODE", "NAME", "UNITS", "ASSIGNED TODAY"],
        ["12X", "12X", "A1,B1,C1", "4471, 4480"],
        ["12Y", "12Y", "A1,C1", "4480"], ["14X", "14X", "A1", "4499"]])
    same("unit set says so", hub(
        "unit", "set", "C1", "--name", "Area three", "--kind", "district",
        "--parent", "B1", "--commander", "900", "--beats", "12Y,14X"),
        "unit C1 changed, 2 beats\n")
    same("unit set to the same",
         hub("unit", "set", "C1", "--beats", "12Y,14X", "--parent", "B1"),
         "unit C1 is so already: nothing was changed\n")
    same("and it is so", rows(hub, "unit", "list")[3],
         ["C1", "Area three", "district", "B1", "900", "0", "12Y, 14X"])
    same("beats keep their other units",
         [r[2] for r in rows(hub, "beat", "list")[1:]],
         ["A1,B1", "A1,C1", "A1,C1"])
    hub.fails("set to nothing", 2, "nothing was given to change: write unit "
              "set CODE", "unit", "set", "A1")
    hub.fails("a unit within itself", 65, "unit A1 would be part of itself: "
              "give another --parent\n", "unit", "set", "A1", "--parent",
              "C1")
    hub.fails("set no unit", 1, "there is no unit A11: did you mean A1? "
              "`beatbook-hub unit list` shows all\n", "unit", "set", "A11",
              "--name", "X")
    hub.fails("part of no unit", 65, "there is no unit ZZ", "unit", "set",
              "A1", "--parent", "ZZ")
    hub.fails("commanded by nobody", 65, "there is no member 9999", "unit",
              "set", "A1", "--commander", "9999")
    same("what is empty is taken off", hub(
        "unit", "set", "C1", "--parent", "", "--commander", "", "--beats",
        ""), "unit C1 changed, 2 beats\n")
    same("and it is off", rows(hub, "unit", "list")[3],
         ["C1", "Area three", "district", "0"])
    hub("unit", "set", "C1", "--beats", "12X,12Y")


def switched_off(hub, folder):
    who = Person(folder, "4480").enroll(hub)
    check("replica list", "4480" in hub("replica", "list") and
          "test" in hub("replica", "list"))
    hub("member", "off", "4480")
    check("member off", "off" in hub("member", "list"))
    who.fails("a member who is off is refused", 69, "", "sync")
    check("and may look it up", "4480 is off" in who.json(
        "status")["hub_refuses"]["said"])
    hub.fails("and is not invited", 1, "", "invite", "4480")
    hub("member", "set", "4480", "--active", "yes")
    who("sync")
    check("and may be brought back", who.run("sync")[0] == 0)
    same("which is known too", who.json("status")["hub_refuses"], None)
    other = Person(folder, "4499", "lost").enroll(hub)
    root = Person(folder, "1").enroll(hub)
    mine = [a for a in root.json("list", "assignment")
            if a["member_id"] == "4499"]
    same("who has the beat keeps it", hub("member", "set", "4499", "--beats",
                                          "14X"),
         "member 4499 is so already: nothing was changed\n")
    root("void", mine[0]["record"], "by mistake")
    root("sync")
    same("a void assignment is none", rows(hub, "beat", "list")[3],
         ["14X", "14X", "A1"])
    same("and is not one that is kept", hub("member", "set", "4499",
                                            "--beats", "14X"),
         "member 4499 changed, 1 assignment\n")
    number = other.json("status")["replica"]
    same("replica revoke says so", hub("replica", "revoke", str(number)),
         f"replica {number} revoked\n")
    long = Person(folder, "4499", "long")
    code = hub("invite", "4499").strip()
    long("enroll", hub.url, "--badge", "4499", "--code", code, "--device",
         "patrol-car-4499.police.example.org")
    hub("replica", "revoke", str(long.json("status")["replica"]))
    row = [r for r in hub("replica", "list").splitlines() if "patrol" in r]
    check("however long its name, who is revoked shows", row and
          " revoked " in row[0], row)
    same("and that it was already", hub("replica", "revoke", str(number)),
         f"replica {number} was revoked already\n")
    hub.fails("nobody was ever given this number", 1, "there is no replica "
              "99", "replica", "revoke", "99")
    hub.fails("a wrong replica number", 2, "is no replica's number",
              "replica", "revoke", "many")


def imports(hub, folder):
    def beats(name, code, want):
        path = os.path.join(DATA, name)
        if not os.path.exists(path):
            print(f"ok - import {name} # SKIP no ../shared/data here")
            return
        out = hub("import", "beats", path, "--code", code)
        same(f"import {name}", out.strip(), want)
        again = hub("import", "beats", path, "--code", code)
        count = want.split()[0]
        check(f"import {name} again changes nothing",
              f"0 added, 0 changed, {count} unchanged" in again, again)

    before = hub.json("stats")["entries"]
    broken = os.path.join(folder, "broken.geojson")
    with open(broken, "w", encoding="utf-8") as f:
        f.write('{"type":"FeatureCollection",\n"features":[\n')
        f.write(json.dumps(square("77X", -122, 37)) + ",\n")
        f.write('{"type":"Feature","properties":{"beat":"78X"}\n]}\n')
    hub.fails("a broken file", 65, "line 5, feature 2", "import", "beats",
              broken, "--code", "beat")
    hub.fails("a wrong property", 65, "(beat)", "import", "beats",
              os.path.join(folder, "beats.geojson"), "--code", "BEAT")
    hub.fails("no file", 1, "nowhere", "import", "beats", "/nowhere",
              "--code", "beat")
    same("and nothing was changed", hub.json("stats")["entries"], before)
    beats("oakland_community_policing_beats_2009.geojson", "CP_BEAT",
          "57 beats: 54 added, 3 changed, 0 unchanged; "
          "2 features outside any beat (-1) skipped")
    beats("chicago_police_beats.geojson", "BEAT_NUM",
          "275 beats: 275 added, 0 changed, 0 unchanged")
    beats("sanjose_police_beats.geojson", "Beat",
          "87 beats: 87 added, 0 changed, 0 unchanged")
    beats("seattle_police_beats.geojson", "beat",
          "55 beats: 22 added, 33 changed, 0 unchanged")


def keeping(hub, folder):
    stats = hub.json("stats")
    stats.pop("serving", None)
    silent = stats.pop("silent")
    check("stats --json", all(isinstance(n, int) for n in stats.values()) and
          stats["members"] == 6 and stats["records"] > 5, stats)
    check("stats for people", "log entries" in hub("stats") and
          "silent for 7 days    0" in hub("stats"), hub("stats"))
    same("nobody is silent yet", silent, [])
    check("audit verify", "entries" in hub("audit", "verify"))
    copy = os.path.join(folder, "copy")
    same("backup says so", hub("backup", copy), "backup of "
         f"{hub.json('stats')['entries']} entries written to {copy}\n")
    hub.fails("backup over a file", 74, "", "backup", copy)
    hub.fails("restore over a hub", 74, "", "restore", copy)
    other = Hub(os.path.join(folder, "restored"))
    os.mkdir(os.path.dirname(other.place))
    other.fails("restore what is no backup", 65, "", "restore",
                os.path.join(folder, "beats.geojson"))
    other.fails("restore what is not there", 1, "there is no backup at ",
                "restore", copy + "-none")
    other("restore", copy)
    check("a restored hub verifies", "entries" in other("audit", "verify"))
    check("and has the people", "Ibarra" in other("member", "list"))


def one_server(hub):
    """A second server of the folder is refused, however the first one ends."""
    pid = hub.process.pid
    for where in ("127.0.0.1:0", hub.address):
        hub.fails("a second server is told who serves", 74,
                  f"beatbook-hub: process {pid} serves {hub.place} already: "
                  f"end it first with `kill {pid}`, or name another folder "
                  "with -d\n", "serve", "--listen", where)
    check("the other commands go on", "Ibarra" in hub("member", "list"))
    same("a kill leaves no lock", hub.stop(signal.SIGKILL), -signal.SIGKILL)
    hub.start()
    check("and the hub serves again", hub.process.poll() is None)


def story(folder, hubs):
    helps()
    making(folder)
    damaged(folder)
    hub = city(folder)
    hubs.append(hub)
    units(hub)
    people(hub)
    switched_off(hub, folder)
    profiles(hub, folder)
    imports(hub, folder)
    keeping(hub, folder)
    one_server(hub)
    same("SIGTERM ends it cleanly", hub.stop(), 0)
    hub.start()
    same("SIGINT too", hub.stop(signal.SIGINT), 0)


if __name__ == "__main__":
    main(story)

"""Files that were copied, put back from a backup, revoked; a hub that was
restored: nothing is lost and nothing doubled, with the real programs."""
import os
import shutil
import sqlite3

from lib import Person, check, city, main, same


def copy(person, folder, name):
    """cp of the file, and of what SQLite keeps beside it."""
    twin = Person(folder, person.badge, name)
    for end in ("", "-wal"):
        if os.path.exists(person.file + end):
            shutil.copy(person.file + end, twin.file + end)
    return twin


def titles(person):
    return sorted(r["title"] for r in person.json("list", "project"))


def number(person):
    return person.json("status")["replica"]


def row(hub, number):
    """What `replica list` says of one."""
    return [line for line in hub("replica", "list").splitlines()
            if line.split()[0] == str(number)][0]


def agree(name, hub, people, want):
    for _ in range(2):
        for person in people:
            person("sync")
    same(f"{name}: all have all, once", [titles(p) for p in people],
         [sorted(want)] * len(people))
    same(f"{name}: nothing is unsent",
         [p.json("status")["unsent"] for p in people], [0] * len(people))
    same(f"{name}: every file verifies",
         [p.run("verify")[0] for p in people], [0] * len(people))
    check(f"{name}: the log verifies", hub("audit", "verify") != "")


def copied(hub, folder, ibarra, chen, have):
    ibarra("sync")
    twin = copy(ibarra, folder, "twin")
    have.append("Of the first")
    have.append("Of the twin")
    mine = ibarra.add("project", title="Of the first", beat_ids="12X")
    theirs = twin.add("project", title="Of the twin", beat_ids="12X")
    same("two files that were one name their records alike", mine, theirs)
    twin.add("project_update", project_id=theirs.split("/")[1],
             text="by the twin")
    ibarra("sync")
    out = twin("sync")
    check("a copy is told what became of it", "was a copy" in out, out)
    check("it has a number of its own", number(twin) != number(ibarra))
    agree("copied", hub, (ibarra, twin, chen), have)
    named = [r for r in chen.json("list", "project")
             if r["title"] == "Of the twin"][0]["record"]
    same("what hung on its record still does",
         len(chen.json("show", named)["related"]["project_update"]), 1)
    return twin


def put_back(hub, folder, ibarra, chen, have):
    """Last week's file, over the one of today."""
    ibarra("sync")
    old = copy(ibarra, folder, "last-week")
    have.append("Of this week")
    ibarra.add("project", title="Of this week", beat_ids="12X")
    ibarra("sync")
    before = number(ibarra)
    for end in ("-wal", "-shm", ""):
        if os.path.exists(ibarra.file + end):
            os.remove(ibarra.file + end)
    for end in ("", "-wal"):
        if os.path.exists(old.file + end):
            shutil.move(old.file + end, ibarra.file + end)
    have.append("After it was put back")
    ibarra.add("project", title="After it was put back", beat_ids="12X")
    agree("put back", hub, (ibarra, chen), have)
    check("it has a number of its own", number(ibarra) != before)


def restored(hub, folder, people, have):
    """The hub of an hour ago. The twin is not synced again, until the end."""
    ibarra, twin, chen, mota = people
    for person in people:
        person("sync")
    backup = os.path.join(folder, "backup")
    hub("backup", backup)
    for person, title in ((ibarra, "After the backup"),
                          (twin, "Of the twin after it")):
        have.append(title)
        person.add("project", title=title, beat_ids="12X")
        person("sync")
    mota("sync")
    late, gone = (Person(folder, "4471", name).enroll(hub)
                  for name in ("late", "gone"))
    have.append("Unsent")
    chen.add("project", title="Unsent", beat_ids="12X")
    hub.stop()
    shutil.rmtree(hub.place)
    out = hub("restore", backup)
    check("restore says what is to be done",
          "sends\nagain" in out and "revoke" in out, out)
    hub.start()
    out = mota("sync")
    check("who saw more is told", "--aside" in out, out)
    same("what the hub lost is listed",
         sorted(e["set"]["title"] for e in mota.json("log", "--aside")),
         ["After the backup", "Of the twin after it"])
    out = ibarra("sync")
    check("what came back in the refill is not told to be gone",
          "hub had lost entries" in out and
          "no longer in your books" not in out, out)
    mota("sync")
    same("until it comes again",
         [e["set"]["title"] for e in mota.json("log", "--aside")],
         ["Of the twin after it"])
    agree("restored", hub, people, have)
    same("then nothing is missing", mota.json("log", "--aside"), [])
    not_in_the_backup(hub, late, gone)


def restored_again(hub, folder, ibarra, have):
    """The counts, for scripts. What the first one served is in the backup."""
    backup = os.path.join(folder, "backup-2")
    hub.stop()
    hub.start()
    hub("backup", backup)
    have.append("After the second backup")
    ibarra.add("project", title=have[-1], beat_ids="12X")
    ibarra("sync")
    hub.stop()
    shutil.rmtree(hub.place)
    hub("restore", backup)
    stats = hub("stats")
    check("one that has not served yet says nothing of serving",
          "serving" not in stats and "serving" not in hub.json("stats"), stats)
    hub.start()
    counts = ibarra.json("sync")
    same("nothing is counted as gone that came again",
         (counts["sent"] > 0, counts["left"]), (True, 0))
    same("and it is there", titles(ibarra), sorted(have))


def not_in_the_backup(hub, late, gone):
    """Devices enrolled after it: one that came again, and one that did not."""
    late("sync")
    line = row(hub, number(late))
    check("what is not known of a device is said so",
          line.split()[1:4] == ["4471", "unknown", "unknown"] and
          "never" not in line, line)
    db = sqlite3.connect(os.path.join(hub.place, "hub.db"))
    with db:
        db.execute("UPDATE replica SET synced=1000 WHERE number=?",
                   (number(late),))
    db.close()
    found = [s for s in hub.json("stats")["silent"]
             if s["replica"] == number(late)]
    same("a silent one too", [s["device"] for s in found], [None])
    same("its number may be revoked unseen",
         hub("replica", "revoke", str(number(gone))),
         f"replica {number(gone)} is not known here; where it was enrolled "
         "after the backup, it is\nrefused from now on\n")
    gone.fails("and is refused", 69, "enroll it again", "sync")
    same("all of it is not known", row(hub, number(gone)).split(None, 1)[1],
         "unknown  unknown           revoked  unknown     unknown           "
         "0")
    same("and it is known as revoked",
         hub("replica", "revoke", str(number(gone))),
         f"replica {number(gone)} was revoked already\n")


def enrolled_again(hub, folder, people, have):
    ibarra, chen = people[0], people[2]
    have.append("Of a revoked device")
    made = ibarra.add("project", title="Of a revoked device", beat_ids="12X")
    ibarra.add("project_update", project_id=made.split("/")[1], text="and on")
    hub("replica", "revoke", str(number(ibarra)))
    ibarra.fails("a revoked device is told what is kept, and what to do", 69,
                 "2 unsent edits are kept here: `beatbook enroll`", "sync")
    refused = ibarra.json("status")["hub_refuses"]
    check("and it is said later", refused["said"].startswith(
        f"replica {number(ibarra)} was revoked: ask an administrator") and
        "unsent" not in refused["said"] and refused["since"].endswith("Z"),
        refused)
    hub.stop()
    ibarra.fails("a hub that is not reached says nothing of that", 75,
                 "was not reached", "sync")
    words = " ".join(ibarra("status").split())
    check("in words too", f"hub replica {number(ibarra)} was revoked: ask an "
          "administrator; it says so since 20" in words, words)
    hub.start()
    code = hub("invite", "4480").strip()
    ibarra.fails("another member's code", 74, "is the file of member 4471",
                 "enroll", hub.url, "--badge", "4480", "--code", code)
    other = Person(folder, "4480", "fresh")
    other("enroll", hub.url, "--badge", "4480", "--code", code)
    code = hub("invite", "4471").strip()
    out = ibarra("enroll", hub.url, "--badge", "4471", "--code", code)
    check("enrolled onto its file it sends them",
          "2 unsent edits were sent" in out, out)
    same("then nothing is refused", (ibarra.json("status")["hub_refuses"],
                                     "\nhub " in ibarra("status")),
         (None, False))
    agree("enrolled again", hub, (*people, other), have)
    named = [r for r in chen.json("list", "project")
             if r["title"] == "Of a revoked device"][0]["record"]
    same("what hung on its record still does",
         len(chen.json("show", named)["related"]["project_update"]), 1)


def damaged(ibarra):
    """Behind its back a file loses a record: the daily look finds it."""
    ibarra("sync")
    db = sqlite3.connect(ibarra.file)
    with db:
        db.execute("DELETE FROM _in_book WHERE kind='project' AND id="
                   "(SELECT max(id) FROM project)")
        db.execute("UPDATE _meta SET value=0 WHERE key='sums_due'")
    db.close()
    out = ibarra("sync")
    check("a book that was not as the hub has it is told of",
          "1 book was not as the hub has it, and filled anew" in out, out)
    check("once", "filled anew" not in ibarra("sync"))
    same("and the file verifies", ibarra.run("verify")[0], 0)


def foreign(hub, folder, ibarra, hubs):
    """A file of one hub, and the code of another."""
    place = os.path.join(folder, "elsewhere")
    os.mkdir(place)
    other = city(place)
    hubs.append(other)
    code = other("invite", "4471").strip()
    ibarra.fails("another hub's file is refused", 69,
                 "belongs to another hub: enroll into a new file",
                 "enroll", other.url, "--badge", "4471", "--code", code)
    fresh = Person(place, "4471")
    fresh("enroll", other.url, "--badge", "4471", "--code", code)
    check("and the code was not spent", number(fresh) > 0)
    ibarra("sync")
    same("the file goes on with its own hub",
         ibarra.json("status")["unsent"], 0)


def story(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    ibarra, chen, mota = (Person(folder, badge).enroll(hub)
                          for badge in ("4471", "4480", "900"))
    have = ["Shared"]
    ibarra.add("project", title="Shared", beat_ids="12X")
    twin = copied(hub, folder, ibarra, chen, have)
    put_back(hub, folder, ibarra, chen, have)
    people = (ibarra, twin, chen, mota)
    restored(hub, folder, people, have)
    restored_again(hub, folder, ibarra, have)
    enrolled_again(hub, folder, people, have)
    damaged(ibarra)
    foreign(hub, folder, ibarra, hubs)


if __name__ == "__main__":
    main(story)

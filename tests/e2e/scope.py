"""What a member holds: beats asked for, lost, come back to; a level that
changes; and what became of what was not sent yet."""
import time

from lib import Person, check, city, main, same


def lent(hub, ibarra, okafor):
    """An officer reads a beat that is not theirs, and gives it back."""
    name = okafor.add("project", title="Pier", beat_ids="14X")
    okafor("sync")
    ibarra.fails("another beat's project is not held", 1, "", "show", name)
    got = ibarra("books", "+beat:14X")
    check("a beat that is asked for is lent, to read",
          "beat:14X  (lent, to read)" in got, got)
    same("with its records", ibarra.field(name, "title"), "Pier")
    ibarra.fails("they are not written", 77, "beat:14X is lent to read only",
                 "set", name, "goal=mine")
    ibarra.fails("nor made", 77, "", "add", "project", "title=Mine",
                 "beat_ids=14X")
    okafor("set", name, "goal=no break-ins")
    okafor("sync")
    ibarra("sync")
    same("what changes there comes", ibarra.field(name, "goal"),
         "no break-ins")
    ibarra.fails("a beat that there is not", 1, "there is no beat/99Z",
                 "books", "+beat:99Z")
    ibarra.fails("what is lent by nobody", 77, "only beats are", "books",
                 "+member:900")
    ibarra.fails("one's own", 65, "yours already", "books", "+beat:12X")
    ibarra.fails("what is no book", 2, "+beat:14Y", "books", "14X")
    hub("member", "set", "4471", "--beats", "12X,14X")
    ibarra("sync")
    ibarra("set", name, "goal=mine too")
    same("an assignment makes it one's own",
         "lent" in ibarra("books"), False)
    ibarra("sync")
    hub("member", "set", "4471", "--beats", "12X")
    ibarra("sync")
    ibarra.fails("and its end lent again", 77, "lent", "set", name, "goal=x")
    ibarra("books", "-beat:14X")
    ibarra.fails("given back it is gone", 1, "", "show", name)
    ibarra.fails("once", 1, "was not asked for", "books", "-beat:14X")


def ended(hub, ibarra, chen, mota):
    """Chen loses 12Y with unsent edits on it: those written before count."""
    name = chen.add("project", title="Motel", beat_ids="12Y")
    chen.add("project", title="Left as it is", beat_ids="12Y")
    chen("sync")
    chen("set", name, "goal=in time")
    time.sleep(2)  # a stamp is late by what its request takes
    hub("member", "set", "4480", "--beats", "12X")
    chen("set", name, "lessons=too late")
    same("they wait", chen.json("status")["unsent"], 2)
    same("what goes with a book, or with the verdict on what kept it, is "
         "counted", chen.json("sync")["left"], 2)
    same("and is gone", [r["title"] for r in chen.json("list", "project")
                         if r["title"] in ("Motel", "Left as it is")], [])
    mota("sync")
    same("they arrive; what was written in time counts",
         (chen.json("status")["unsent"], mota.field(name, "goal"),
          mota.field(name, "lessons")), (0, "in time", None))
    same("the later one is held", len(mota.json("held")), 1)
    chen.fails("the book is gone", 1, "", "show", name)
    hub("member", "set", "4480", "--beats", "12X,12Y")
    chen("sync")
    same("and comes back whole", (chen.field(name, "title"),
                                  chen.field(name, "goal")),
         ("Motel", "in time"))
    mota("accept", mota.json("held")[0]["edit"])
    mota("sync")
    chen("sync")
    same("with what was accepted", chen.field(name, "lessons"), "too late")


def promoted(hub, chen, mota):
    """A new level sees what waits; the old one again does not."""
    name = chen.add("project", title="Alley", beat_ids="12Y")
    chen("sync")
    hub("member", "set", "4480", "--beats", "12X")
    chen("set", name, "goal=late")
    told = chen("sync")
    check("what goes is told in words", "no longer in your books" in told and
          "left:" not in told, told)
    ibarra_held = len(mota.json("held"))
    mota("sync")
    same("it waits for the sergeant", len(mota.json("held")),
         ibarra_held + 1)
    hub("member", "set", "900", "--access", "officer")
    mota("sync")
    same("who is none any more sees none", mota.json("held"), [])
    hub("member", "set", "900", "--access", "sergeant")
    mota("sync")
    same("and again", len(mota.json("held")), 1)


def story(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    ibarra, chen, okafor, mota = (Person(folder, badge).enroll(hub)
                                  for badge in ("4471", "4480", "4499",
                                                "900"))
    lent(hub, ibarra, okafor)
    ended(hub, ibarra, chen, mota)
    promoted(hub, chen, mota)
    for who in (ibarra, chen, okafor, mota):
        who("sync")
        same(f"{who.badge}: verify", who.run("verify")[0], 0)
    check("the hub's log verifies", hub("audit", "verify") != "")


if __name__ == "__main__":
    main(story)

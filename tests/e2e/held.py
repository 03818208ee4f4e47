"""Edits that the rights did not allow: two officers, and a sergeant who
decides."""
from lib import Person, check, city, main, same


def write_late(hub, chen, mota):
    """Chen writes on 12Y, not knowing that the assignment there has ended."""
    name = chen.add("project", title="Motel", beat_ids="12Y")
    chen("sync")
    mota("sync")
    hub("member", "set", "4480", "--beats", "12X")
    chen("set", name, "goal=quiet nights")
    made = chen.add("project", title="Garage", beat_ids="12Y")
    chen("set", made, "goal=half by May")
    chen("sync")
    mota("sync")
    return name, made


def listed(who, *options):
    return {h["edit"]: h for h in who.json("held", *options)}


def of(who, record):
    """The held edits of a record, oldest first."""
    return [e for e, h in sorted(listed(who).items(),
                                 key=lambda x: x[1]["seq"])
            if h["record"] == record]


def author_sees(chen, name):
    same("they are counted", chen.json("status")["held"], 3)
    held = listed(chen)
    check("their author sees them, and why", len(held) == 3 and all(
        "4480" in h["held"] for h in held.values()), held)
    got = chen("held")
    check("in words too", "yours" in got and "goal: quiet nights" in got, got)
    edit = of(chen, name)[0]
    chen.fails("an officer does not decide", 77, "a sergeant", "accept", edit)
    chen.fails("what is no edit", 2, "such as 47.12", "accept", "soon")
    chen.fails("what is not held", 1, "beatbook held", "decline", "99.1")


def decide(ibarra, chen, mota, name, made):
    edit = of(mota, name)[0]
    mota("decline", edit, "ask", "Ibarra")
    mota.fails("once is enough", 1, "decided already", "accept", edit)
    first, second = of(mota, made)
    mota("accept", first)
    mota("accept", second)
    mota("sync")
    chen("sync")
    same("none waits", (listed(mota), listed(chen),
                        chen.json("status")["held"]), ({}, {}, 0))
    same("a declined one changed nothing", mota.field(name, "goal"), None)
    same("an accepted making is made", (mota.field(made, "title"),
                                        mota.field(made, "goal")),
         ("Garage", "half by May"))
    told = listed(chen, "--decided")[edit]
    same("the author is told by whom, and why",
         (told["state"], told["decided_by"], told["reason"]),
         ("declined", "900", "ask Ibarra"))
    check("in the log as well", "declined by 900: ask Ibarra" in
          chen("log", name))
    same("and what was accepted", sorted(
        h["state"] for h in listed(chen, "--decided").values()),
         ["accepted", "accepted", "declined"])
    ibarra("sync")
    same("no officer is told of it", listed(ibarra, "--decided"), {})


def many(hub, chen, mota):
    """More of them than one piece of output."""
    hub("member", "set", "4480", "--beats", "12X,12Y")
    chen("sync")
    hub("member", "set", "4480", "--beats", "12X")
    for i in range(6):
        chen.add("project", title=f"Long {i}", beat_ids="12Y",
                 problem="lot " * 15000)
    chen("sync")
    mota("sync")
    same("a long list of them is one document", len(mota.json("held")), 6)


def story(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    ibarra, chen, mota = (Person(folder, badge).enroll(hub)
                          for badge in ("4471", "4480", "900"))
    name, made = write_late(hub, chen, mota)
    author_sees(chen, name)
    decide(ibarra, chen, mota, name, made)
    many(hub, chen, mota)
    for who in (ibarra, chen, mota):
        who("sync")
        same(f"{who.badge}: verify", who.run("verify")[0], 0)
    check("the hub's log verifies", hub("audit", "verify") != "")


if __name__ == "__main__":
    main(story)

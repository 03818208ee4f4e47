"""A book that is filled over a slow link: how far it is, and screens that go on."""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))
from lib import CLIENT, Person, check, city, main  # noqa: E402
from link import Link  # noqa: E402
from shift import Screen  # noqa: E402

PROJECTS = 60
WORDS = 500  # of each project's text; they do not pack well
BITS = 96000


def write(person):
    rnd = random.Random(7)
    for n in range(PROJECTS):
        text = " ".join(f"{rnd.randrange(1 << 30):x}" for _ in range(WORDS))
        person.add("project", title=f"Problem {n}", beat_ids="12X",
                   problem=text)
    person("sync")


def look(screen):
    screen.wait(r"SYNCING book \d of \d, \d+ in",
                "a filling says which book it is, and what came")
    screen.keys("g", "s")
    screen.wait(r"(?m)^ *Books +\d of \d +[█▏▎▍▌▋▊▉]+ *$",
                "the sync screen has a bar")
    screen.wait(r"Came +\d+ changes and records so far")
    screen.keys("Escape", "g", "p")
    screen.wait("PROJECTS", "other screens open meanwhile")
    shown = screen.text()
    check("it goes on meanwhile", "SYNCING" in shown, shown)
    screen.keys("Home")
    screen.wait(r"PROJECTS  \(60\)(.|\n)*(ONLINE|SYNCED)",
                "what came is there at the end")


def command(folder, person):
    """The same as a command: on a terminal alone."""
    folder = os.path.join(folder, "command")
    os.makedirs(folder)
    screen = Screen(folder, [CLIENT, "-r", person.file, "sync"])
    try:
        screen.wait(r"changes and records so far: \d+",
                    "sync says on a terminal how far it is")
        shown = screen.wait("unsent 0, conflicts 0")
        check("nothing of it is left at the end", "so far" not in shown,
              shown)
    finally:
        screen.end()


def filling(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    new = Person(folder, "4499").enroll(hub)
    other = Person(folder, "4480").enroll(hub)
    write(Person(folder, "4471").enroll(hub))
    hub("member", "set", "4499", "--beats", "14X,12X")
    with Link(hub.port, bits=BITS) as link:
        other.set_url(link.url)
        command(folder, other)
        new.set_url(link.url)
        screen = Screen(folder, [CLIENT, "-r", new.file],
                        env={"XDG_CONFIG_HOME": folder})
        try:
            look(screen)
        finally:
            screen.end()


if __name__ == "__main__":
    main(filling)

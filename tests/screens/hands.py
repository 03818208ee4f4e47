"""A whole shift against a real hub, in tmux at 80x24: by F-keys, arrows and
Enter alone, as with gloves on; by names of actions alone; and with the keys of
vi and of mutt."""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))
from lib import CLIENT, Failed, Person, check, city, main, same  # noqa: E402
from shift import Screen  # noqa: E402

KEYMAPS = os.path.join(os.path.dirname(__file__), "..", "..", "tui", "keymaps")
NOTE = "Seen from the bus, seven cars with bags in view."


class Gloves:
    """F-keys; words are typed only where words are asked for."""
    name = "F-keys"
    keymap = None
    keys = {"save": "F2", "yes": "F2", "search": "F3", "note": "F4",
            "sync-now": "F7", "go-today": "F8", "open": "Enter"}

    def __init__(self, screen):
        self.screen = screen

    def do(self, action):
        key = self.keys.get(action)
        if key:
            self.screen.keys(*key.split())
        else:
            self.palette(action)

    def palette(self, words):
        self.screen.keys("F9")
        self.screen.wait("COMMANDS")
        self.screen.type(words)
        self.screen.keys("Enter")


class Names(Gloves):
    """Every action by its name; an answer is typed where one is asked for."""
    name = "names alone"
    keys = {}

    def do(self, action):
        if action == "yes":
            self.screen.keys("y")
        else:
            self.palette(action)


class Letters(Gloves):
    """Letters, where letters are no text; a kind is chosen by typing."""
    common = {"save": "F2", "yes": "y", "open": "Enter", "go-today": "g t",
              "mark-done": "D", "stage-next": "S", "conflicts": "g c",
              "theirs": "t"}

    def do(self, action):
        if action.startswith("new "):
            self.screen.keys(self.keys["new"])
            self.screen.wait("NEW.*: type to find")
            self.screen.type(action[4:])
            self.screen.wait("/ " + action[4:])
            self.screen.keys("Enter")
        else:
            super().do(action)

    def palette(self, words):
        raise Failed(f"{self.name}: no key for {words}")


class Vi(Letters):
    name = "vi"
    keymap = "vi.conf"
    keys = {**Letters.common, "new": "o", "note": "a", "search": "g f",
            "sync-now": "F7"}


class Mutt(Letters):
    name = "mutt"
    keymap = "mutt.conf"
    keys = {**Letters.common, "new": "m", "note": "r", "search": "/",
            "sync-now": "$"}


def shift(folder, hubs):
    for hands in (Gloves, Names, Vi, Mutt):
        place = os.path.join(folder, hands.__name__)
        os.mkdir(place)
        whole(place, hubs, hands)


def settings(folder, hands):
    """A folder of a person's own, with the keymap where there is one."""
    place = os.path.join(folder, "config", "beatbook")
    os.makedirs(place)
    if hands.keymap:
        shutil.copy(os.path.join(KEYMAPS, hands.keymap),
                    os.path.join(place, "keymap.conf"))
    return {"XDG_CONFIG_HOME": os.path.dirname(place)}


def whole(folder, hubs, hands):
    hub = city(folder)
    hubs.append(hub)
    a = Person(folder, "4471").enroll(hub)
    b = Person(folder, "4480").enroll(hub)
    garage = a.add("project", title="Harbor Garage lot B", beat_ids="12X")
    a("add", "meeting", "title=NCPC of July", "kind=community_meeting",
      "starts_at=2026-07-11 18:00", "beat_ids=12X")
    item = a.add("action_item", text="Call the manager back",
                 due_on="2020-01-02", source_id=garage)
    a("sync")
    b("sync")
    screen = Screen(folder, [CLIENT, "-r", a.file],
                    env=settings(folder, hands))
    try:
        hub.stop()  # out of reach, as in the field
        work(hands(screen), screen)
        hub.start()
        hands(screen).do("sync-now")
        screen.wait("0 unsent", f"{hands.name}: all of a shift is sent")
        arrived(b, garage, item, hands.name)
        conflict(hands(screen), screen, a, b, garage)
    finally:
        screen.end()


def work(hands, screen):
    """What is due, an update, a stage, a contact, a meeting's attendance."""
    screen.wait(r"DUE \(1\)(.|\n)*> .*Call the manager back")
    hands.do("open")
    screen.wait("Call the manager back .*Action item")
    hands.do("mark-done")
    screen.wait("done today")
    hands.do("yes")
    screen.wait("Done, not sent yet")
    hands.do("go-today")
    screen.wait("DUE: nothing")
    find(hands, screen, "harbor", "Harbor Garage lot B .*\n.*Scanning")
    hands.do("note")
    screen.wait("NEW Update")
    screen.type(NOTE)
    hands.do("save")
    screen.wait("Saved, not sent yet")
    hands.do("stage-next")
    screen.wait("to Analysis")
    hands.do("yes")
    screen.wait(r"\[>\] Analysis")
    hands.do("go-today")
    screen.wait("DUE: nothing")
    hands.do("new contact")
    screen.wait("NEW Contact")
    screen.type("Dana Whitcomb")
    hands.do("save")
    screen.wait("Saved, not sent yet")
    find(hands, screen, "ncpc", "NCPC of July .*Meeting")
    hands.do("new attendance")
    screen.wait("NEW Attendance")
    screen.type("chen")
    screen.keys("Enter")
    screen.wait("Chen")
    hands.do("save")
    screen.wait(r"Attendance \(1\)")
    screen.wait("OFFLINE.* 5 unsent")


def find(hands, screen, words, pattern):
    hands.do("go-today")
    screen.wait("TODAY")
    hands.do("search")
    screen.wait("SEARCH")
    screen.type(words)
    screen.wait("[1-9] found")
    hands.do("open")
    screen.wait(pattern)


def arrived(b, garage, item, name):
    """The other officer has it all."""
    b("sync")
    same(f"{name}: the promise is answered", b.field(item, "status"), "done")
    same(f"{name}: the stage moved", b.field(garage, "stage"), "analysis")
    same(f"{name}: the update came",
         [u["text"] for u in b.json("list", "project_update")], [NOTE])
    same(f"{name}: the contact came",
         [c["name"] for c in b.json("list", "contact")], ["Dana Whitcomb"])
    same(f"{name}: who attended came",
         [t["member_id"] for t in b.json("list", "attendance")], ["4480"])


def conflict(hands, screen, a, b, garage):
    """Both set the goal, neither seeing the other's."""
    b("set", garage, "goal=A third fewer")
    a("set", garage, "goal=Half as many")
    b("sync")
    hands.do("go-today")
    screen.wait("TODAY")
    hands.do("sync-now")
    screen.wait(r"CONFLICTS \(1\)")
    hands.do("conflicts")
    shown = screen.wait("CONFLICT 1 of 1(.|\n)*in force")
    check(f"{hands.name}: a conflict shows both values",
          "Half as many" in shown and "A third fewer" in shown, shown)
    hands.do("theirs")
    screen.wait("No open conflicts")
    hands.do("sync-now")
    screen.wait("0 unsent")
    b("sync")
    same(f"{hands.name}: it is settled for both",
         (a.field(garage, "goal"), b.field(garage, "goal")),
         ("A third fewer", "A third fewer"))


if __name__ == "__main__":
    main(shift)

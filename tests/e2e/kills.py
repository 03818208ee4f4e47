"""Either program killed at any moment of whatever it does: nothing that it
said was done is lost, nothing is there twice, and every file opens again.

KILLS_SEED=N plays another run, KILLS_ROUNDS=N a longer one."""
import os
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "screens"))
from lib import ENV, Person, check, city, main, same  # noqa: E402
from shift import Screen  # noqa: E402

SEED = int(os.environ.get("KILLS_SEED", "1"))
ROUNDS = int(os.environ.get("KILLS_ROUNDS", "60"))


def spawn(args, text=None):
    p = subprocess.Popen(args, env=ENV, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if text:
        p.stdin.write(text.encode())
    p.stdin.close()
    p.stdin = None
    return p


class Game:
    def __init__(self, folder, hub):
        self.folder, self.hub = folder, hub
        self.chance = random.Random(SEED)
        self.people = [Person(folder, "4471").enroll(hub),
                       Person(folder, "4480").enroll(hub)]
        self.project = self.people[0].add("project", title="Harbor Garage",
                                          beat_ids="12X")
        for p in self.people:
            p("sync")
        self.surely, self.maybe = [], []  # updates: saved; perhaps saved
        self.backups, self.members = [], []
        self.lengths = {}  # of each deed, as it takes when nobody is killed
        self.killed = {}
        self.sound = True
        self.names = 0

    def name(self, what):
        self.names += 1
        return f"{what} {self.names}"

    def moment(self, deed):
        """Somewhere in the time it takes, and a little after."""
        return self.chance.uniform(0, 1.2 * self.lengths.get(deed, 0.03))

    def cut(self, deed, process, victim):
        """Kill `victim` at a moment of `process`, unless that is over before.
        Returns its exit status, or None where it was killed."""
        start = time.monotonic()
        try:
            process.communicate(timeout=self.moment(deed))
        except subprocess.TimeoutExpired:
            victim.kill()
            self.killed[deed] = self.killed.get(deed, 0) + 1
        process.communicate()
        if process.returncode == 0:
            took = time.monotonic() - start
            self.lengths[deed] = max(took, self.lengths.get(deed, 0) * 0.9)
        if victim is self.hub.process:
            self.hub.stop(signal.SIGKILL)
            self.hub.start()
        return None if process.returncode < 0 else process.returncode

    def look(self, what, good, detail):
        """One check for all rounds; the first that is bad is told."""
        if not good and self.sound:
            self.sound = False
            check(what, False, f"seed {SEED}: {detail}")

    def verify(self, person):
        status, out, err = person.run("verify")
        self.look("a replica is sound", status == 0, f"{person.badge} {out}{err}")

    # Deeds.

    def save(self):
        person = self.chance.choice(self.people)
        text = self.name("saved")
        p = spawn(person.argv(("add", "project_update", f"text={text}",
                               "project_id=" + self.project.split("/")[1])))
        done = self.cut("save", p, p)
        (self.maybe if done is None else self.surely).append(text)
        self.look("a save that is not killed is done", done in (None, 0), done)
        self.verify(person)

    def sync(self, deed="sync", of_hub=False):
        person = self.chance.choice(self.people)
        text = self.name("synced")
        person.add("project_update", text=text,
                   project_id=self.project.split("/")[1])
        self.surely.append(text)
        p = spawn(person.argv(("sync",)))
        done = self.cut(deed, p, self.hub.process if of_hub else p)
        self.look("a sync ends well or says try later",
                  done in (None, 0, 75), done)
        self.verify(person)

    def hub_in_sync(self):
        self.sync("hub in sync", True)

    def enroll(self, deed="enroll", of_hub=False):
        """What breaks off is in nobody's way: the same again succeeds."""
        person = Person(self.folder, "900", self.name("new"))
        code = self.hub("invite", "900").strip()
        args = ("enroll", self.hub.url, "--badge", "900", "--code", "-",
                "--device", "test")
        p = spawn(person.argv(args), code + "\n")
        self.cut(deed, p, self.hub.process if of_hub else p)
        if not os.path.exists(person.file):
            person.enroll(self.hub)
        person("sync")
        self.verify(person)
        self.look("all of the book has come", self.project in "".join(
            "project/" + r["record"].split("/")[1]
            for r in person.json("list", "project")), "no project")

    def hub_in_enroll(self):
        self.enroll("hub in enroll", True)

    def backup(self):
        file = os.path.join(self.folder, self.name("backup"))
        p = spawn(self.hub.argv(("backup", file)))
        if self.cut("backup", p, p) == 0 or os.path.exists(file):
            self.backups.append(file)
            self.look("a backup that was told of is there",
                      os.path.exists(file), file)

    def member(self):
        badge = str(7000 + self.names)
        self.names += 1
        args = ("member", "add", badge, "--name", "New", "--access", "officer",
                "--unit", "A1", "--beats", "12X")
        p = spawn(self.hub.argv(args))
        done = self.cut("member add", p, p)
        if done is None:
            status, _, err = self.hub.run(*args)
            self.look("member add after a kill", status == 0 or
                      "already" in err, err)
        self.members.append(badge)

    def screens(self):
        """A note typed in the screens, killed while it is being saved."""
        person = self.people[0]
        text = self.name("typed")
        screen = Screen(self.folder, person.argv(("open", self.project)))
        try:
            screen.wait("Harbor Garage")
            screen.keys("F4")
            screen.wait("(?i)update")
            screen.type(text)
            screen.keys("F2")
            time.sleep(self.moment("screens"))
            said = "aved, not sent" in screen.text()
            pid = int(screen.tmux("display-message", "-p", "#{pane_pid}"))
            os.kill(pid, signal.SIGKILL)
        finally:
            screen.end()
        (self.surely if said else self.maybe).append(text)
        self.killed["screens"] = self.killed.get("screens", 0) + 1
        self.verify(person)


def play(game):
    deeds = (game.save, game.save, game.sync, game.sync, game.hub_in_sync,
             game.hub_in_sync, game.enroll, game.hub_in_enroll, game.backup,
             game.member, game.screens)
    for i in range(ROUNDS):
        deed = deeds[i] if i < len(deeds) else game.chance.choice(deeds)
        deed()
        status, out, err = game.hub.run("audit", "verify")
        game.look("the hub is sound", status == 0,
                  f"after {deed.__name__}: {out}{err}")
        if not game.sound:
            return


def end(game):
    for _ in range(2):
        for person in game.people:
            person("sync")
    for person in game.people:
        texts = [r["text"] for r in person.json("list", "project_update")]
        same(f"{person.badge}: nothing is there twice",
             sorted(t for t in set(texts) if texts.count(t) > 1), [])
        same(f"{person.badge}: nothing saved is lost",
             sorted(set(game.surely) - set(texts)), [])
        same(f"{person.badge}: nothing came from nowhere",
             sorted(set(texts) - set(game.surely) - set(game.maybe)), [])
        same(f"{person.badge}: nothing is unsent",
             person.json("status")["unsent"], 0)
    listed = game.hub("member", "list")
    same("every member is there once",
         [b for b in game.members if listed.count(b) != 1], [])
    for file in game.backups[-2:]:
        other = type(game.hub)(file + "-restored")
        os.mkdir(file + "-restored")
        other("restore", file)
        status, _, err = other.run("audit", "verify")
        check("a backup made in the midst of it is whole", status == 0, err)


def story(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    game = Game(folder, hub)
    play(game)
    check(f"{ROUNDS} kills of seed {SEED}: files stay sound", game.sound)
    end(game)
    print("# killed:", ", ".join(f"{n} in {d}" for d, n in
                                 sorted(game.killed.items())))


if __name__ == "__main__":
    main(story)

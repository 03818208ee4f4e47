"""A link that is cut again and again, at random (seeded), after 2 to 20 KB: a
shift's sync and a first fill finish by retry alone, with at most 1.2 times the
bytes of an uncut run. A shift of short edits is less than a connection lives
for: one of narratives, with as many of others to fetch, is cut in what it sends
and in what it fetches. So do edits that no connection lives long enough for,
with 1.3, and single ones whose narrative is longer than most live for. What is
counted: link.py."""
import json
import os
import random
import shutil
import time

from lib import Hub, Person, check, main, same, square
from link import Link

LEAST, MOST = 2000, 20000  # bytes that a connection lives for
TRIES = 60
EDITS, RECORDS = 40, 200
SEEDS = 5
WORDS = ("the lot was dark and two cars had their windows broken near the "
         "garage gate while neighbors say that people sleep in the stairwell "
         "behind the motel every weekend after the stores close so officers "
         "walked asked called promised again lights camera fence school "
         "council tenant manager truck corner bridge parking noise").split()


def prose(rnd, size):
    text = ""
    while len(text) < size:
        text += rnd.choice(WORDS) + " "
    return text.strip()


def narrative(rnd, size):
    """Prose as a report has it: names, plates, numbers and times are not of
    anybody's vocabulary."""
    text = ""
    while len(text) < size:
        name = "".join(rnd.choice("bdfgklmnprstvz") + rnd.choice("aeiou")
                       for _ in range(rnd.randint(2, 4)))
        text += rnd.choice((
            f"{name.capitalize()} of {rnd.randint(100, 9999)} "
            f"{rnd.choice(WORDS).capitalize()} St said ",
            f"at {rnd.randint(0, 23):02}{rnd.randint(0, 59):02} ",
            f"plate {rnd.randint(1, 9)}"
            f"{''.join(rnd.choices('ABCDEFGHJKLMNPRSTUVWXYZ', k=3))}"
            f"{rnd.randint(100, 999)}, ", prose(rnd, 40) + ". "))
    return text.strip()


def add_beats(hub, folder, codes):
    """Beats with these codes, in unit A1."""
    file = os.path.join(folder, "beats.geojson")
    with open(file, "w", encoding="utf-8") as f:
        json.dump({"type": "FeatureCollection", "features": [
            square(code, -122.28 + i / 100, 37.80)
            for i, code in enumerate(codes)]}, f)
    hub("import", "beats", file, "--code", "beat")
    hub("unit", "add", "A1", "--name", "Area 1", "--kind", "area",
        "--beats", ",".join(codes))


def make_hub(folder):
    hub = Hub(folder)
    hub("init", "--profile", "oakland", "--timezone", "America/Los_Angeles")
    add_beats(hub, folder, ["35X"])
    for badge in ("4471", "4480"):
        hub("member", "add", badge, "--name", "N" + badge, "--access",
            "officer", "--unit", "A1", "--beats", "35X")
    return hub.start()


def add_project(person, rnd):
    return person.add("project", title=prose(rnd, 30), beat_ids="35X",
                      goal=prose(rnd, 30), problem=prose(rnd, 400),
                      lessons=prose(rnd, 30), stage="analysis")


class Outcome:
    def __init__(self):
        self.bytes = self.uncut_bytes = self.cuts = self.tries = 0
        self.seconds = self.uncut_seconds = 0.0


def until_done(person, link):
    """Sync, and when it breaks off again; how often, and the seconds."""
    start, tries = time.monotonic(), 0
    person.set_url(link.url)
    for tries in range(1, TRIES + 1):
        status, _, err = person.run("sync")
        if status == 0:
            break
        if status != 75:
            raise RuntimeError(f"sync: exit {status}: {err}")
    return tries, time.monotonic() - start


def over_links(hub, uncut, cut, rnd, **how):
    """One replica over a link that holds, one over a link that does not."""
    got = Outcome()
    with Link(hub.port, **how) as link:
        _, got.uncut_seconds = until_done(uncut, link)
        got.uncut_bytes = link.sum("bytes")
    yield got
    with Link(hub.port, **how,
              cuts=lambda: ("both", rnd.randint(LEAST, MOST))) as link:
        got.tries, got.seconds = until_done(cut, link)
        got.bytes, got.cuts = link.sum("bytes"), link.sum("cut")
    cut.set_url(hub.url)
    yield got


def twin(person, name):
    """The same replica once more, in the same state."""
    other = Person(os.path.dirname(person.file), person.badge, name)
    shutil.copy(person.file, other.file)
    return other


class Scene:
    """A hub of RECORDS records; a new replica that has nothing of it yet, one
    that holds it and wrote EDITS edits that nobody has seen, one that wrote as
    many narratives while others did, one whose edits are more than any
    connection lives for, and one with two that are each more than most do."""

    def __init__(self, folder):
        rnd = random.Random(1)
        self.hub = make_hub(folder)
        writer = Person(folder, "4480").enroll(self.hub)
        projects = [add_project(writer, rnd) for _ in range(RECORDS)]
        writer("sync")
        self.told = Person(folder, "4471", "told").enroll(self.hub)
        for i in range(EDITS // 2):
            self.tell(self.told, projects[i], projects[i + 60], rnd)
            self.tell(writer, projects[i], projects[i + 30], rnd)
        writer("sync")
        self.shifted = Person(folder, "4471", "shifted").enroll(self.hub)
        for i in range(EDITS):
            project = projects[i * 4]
            if i % 8 < 5:
                self.shifted("set", project, "goal=" + prose(rnd, 30))
            else:
                old = self.shifted.field(project, "problem")
                self.shifted("set", project,
                             f"problem={old}. {prose(rnd, 150)}")
        self.wide = Person(folder, "4471", "wide").enroll(self.hub)
        for i in range(2):
            self.wide("set", projects[i + 100],
                      "problem=" + narrative(rnd, 30000))
        self.long = Person(folder, "4471", "long").enroll(self.hub)
        for i in range(EDITS):
            self.long("set", projects[i], "problem=" + prose(rnd, 4000))
        self.empty = self.enroll_only(folder)
        self.hub.stop()
        self.kept = os.path.join(folder, "kept")
        shutil.copytree(self.hub.place, self.kept)
        self.count = 0

    @staticmethod
    def tell(person, one, other, rnd):
        person("add", "project_update", "text=" + narrative(rnd, 900),
               "project_id=" + one.split("/")[1])
        person("set", other, "problem=" + narrative(rnd, 700))

    def enroll_only(self, folder):
        """Enrolled, and cut off before the first byte of the first sync."""
        person = Person(folder, "4471", "empty")
        ends = iter((("both", None), ("both", 0)))
        code = self.hub("invite", "4471").strip()
        with Link(self.hub.port, cuts=lambda: next(ends)) as link:
            person.run("enroll", link.url, "--badge", "4471", "--code", code,
                       "--device", "test")
        return person

    def renew_hub(self):
        self.hub.stop()
        shutil.rmtree(self.hub.place)
        shutil.copytree(self.kept, self.hub.place)
        self.hub.start()

    def measure(self, person, rnd, **how):
        """What it costs this replica to sync, uncut and cut, and the replica
        that was cut."""
        self.count += 1
        uncut = twin(person, f"uncut-{self.count}")
        cut = twin(person, f"cut-{self.count}")
        self.renew_hub()
        runs = over_links(self.hub, uncut, cut, rnd, **how)
        next(runs)
        self.renew_hub()
        return next(runs), cut


def check_one(scene, name, person, seed, most, updates):
    """What it took, cut; `most` is None where that is looked at in sum."""
    got, cut = scene.measure(person, random.Random(seed))
    check(f"{name} over a cut link, seed {seed}: {got.cuts} cuts, "
          f"{got.bytes} bytes for {got.uncut_bytes}",
          most is None or got.bytes <= most * got.uncut_bytes)
    same(f"{name}, seed {seed}: nothing is unsent",
         cut.json("status")["unsent"], 0)
    same(f"{name}, seed {seed}: every record is there",
         [len(cut.json("list", kind)) for kind in
          ("project", "project_update")], [RECORDS, updates])
    status, _, err = cut.run("verify")
    check(f"{name}, seed {seed}: verify", status == 0, err)
    return got


def check_stuck(scene):
    """A link that is always cut before the first edit is through."""
    scene.renew_hub()
    person = twin(scene.wide, "stuck")
    with Link(scene.hub.port, cuts=lambda: ("both", 3000)) as link:
        person.set_url(link.url)
        said = [person.run("sync")[::2] for _ in range(8)]
    check("a link that no edit gets through", {s for s, _ in said} == {75},
          said)
    check("what holds all up is told, but not at once",
          "in one connection" in said[-1][1] and
          "in one connection" not in said[0][1], said)
    person.set_url(scene.hub.url)
    person("sync")
    same("a better one carries all", person.json("status")["unsent"], 0)


def story(folder, hubs):
    scene = Scene(folder)
    hubs.append(scene.hub)
    for name, person, most, updates in (
            ("a shift's sync", scene.shifted, 1.2, EDITS // 2),
            ("a shift of narratives", scene.told, None, EDITS),
            ("long texts", scene.long, 1.3, EDITS // 2),
            ("single long texts", scene.wide, None, EDITS // 2),
            ("a first fill", scene.empty, 1.2, EDITS // 2)):
        all_got = [check_one(scene, name, person, seed, most, updates)
                   for seed in range(SEEDS)]
        sums = [sum(getattr(got, what) for got in all_got)
                for what in ("cuts", "bytes", "uncut_bytes")]
        if person is not scene.shifted:
            check(f"{name}: cuts met it", sums[0])
        if person is scene.told:
            check(f"{name}: {sums[1]} bytes for {sums[2]} in all",
                  sums[1] <= 1.2 * sums[2])
    check_stuck(scene)


if __name__ == "__main__":
    main(story)

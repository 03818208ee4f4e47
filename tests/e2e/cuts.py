"""A sync that breaks off after any number of bytes, because the link is cut or
because either program is killed: done again it ends as if nothing had been."""
import signal
import subprocess

from lib import ENV, Person, check, city, main, same
from link import Link

POINTS = (0, 1, 70, 140, 200, 260, 330, 400, 500, 650, 800, 1200)


def broken_sync(a, hub, way, after, victim):
    """One sync over a link that breaks; `victim` is killed there, if any."""
    running = []

    def at_cut():
        if victim == "client":
            running[0].kill()
        elif victim == "hub":
            hub.process.kill()

    with Link(hub.port, cuts=lambda: (way, after), at_cut=at_cut) as link:
        a.set_url(link.url)
        running.append(subprocess.Popen(a.argv(("sync",)), env=ENV,
                                        stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL))
        running[0].wait(timeout=60)
    if victim == "hub":
        hub.stop(signal.SIGKILL)
        hub.start()
    a.set_url(hub.url)


def story(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    a = Person(folder, "4471").enroll(hub)
    b = Person(folder, "4480").enroll(hub)
    project = a.add("project", title="Harbor Garage", beat_ids="12X")
    written = []
    for victim in (None, "hub", "client"):
        for way in ("up", "down"):
            for after in POINTS:
                text = f"{victim} {way} {after}: walked the lot again"
                written.append(text)
                a.add("project_update", text=text,
                      project_id=project.split("/")[1])
                a("set", project, f"goal={text}")
                b.add("concern", text=f"seen {text}", beat_id="12X",
                      source="resident")
                b("sync")
                broken_sync(a, hub, way, after, victim)
        status, _, err = a.run("verify")
        check(f"after breaks ({victim or 'link'}): the replica is sound",
              status == 0, err)
    a("sync")
    b("sync")
    same("nothing is unsent", a.json("status")["unsent"], 0)
    for person in (a, b):
        texts = [r["text"] for r in person.json("list", "project_update")]
        same(f"{person.badge} has every update once", sorted(texts),
             sorted(written))
    edits = [e["edit"] for e in b.json("log", project)]
    same("every edit of the project is in the log once",
         (len(edits), len(set(edits))), (len(written) + 1,) * 2)
    same("both show the same", a.json("show", project),
         b.json("show", project))
    same("the last writer won", b.field(project, "goal"), written[-1])
    for person in (a, b):
        status, _, err = person.run("verify")
        check(f"{person.badge}: verify", status == 0, err)
    status, _, err = hub.run("audit", "verify")
    check("audit verify", status == 0, err)


if __name__ == "__main__":
    main(story)

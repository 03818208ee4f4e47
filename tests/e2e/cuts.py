"""A sync that breaks off after any number of bytes, because the link is cut or
because either program is killed: done again it ends as if nothing had been."""
import signal
import socket
import threading

from lib import Person, check, city, main, same

POINTS = (0, 1, 70, 140, 200, 260, 330, 400, 500, 650, 800, 1200)


class Link:
    """One connection through to the hub, until `after` bytes went one way."""

    def __init__(self, port, way, after, at_the_end):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.hub_port, self.way, self.after = port, way, after
        self.at_the_end = at_the_end
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()

    def carry(self):
        client, _ = self.listener.accept()
        hub = socket.create_connection(("127.0.0.1", self.hub_port))
        ways = {"up": (client, hub), "down": (hub, client)}
        other = threading.Thread(
            target=self.pump, daemon=True,
            args=(*ways["down" if self.way == "up" else "up"], None))
        other.start()
        self.pump(*ways[self.way], self.after)
        self.at_the_end()
        for s in (client, hub):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        other.join()
        client.close()
        hub.close()

    @staticmethod
    def pump(source, target, left):
        try:
            while left is None or left > 0:
                data = source.recv(65536 if left is None else left)
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)
                left = left if left is None else left - len(data)
        except OSError:
            pass

    def end(self):
        # A client that never came is let go by a connection of our own.
        if self.thread.is_alive():
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                pass
        self.thread.join()
        self.listener.close()


def broken_sync(a, hub, way, after, victim):
    """One sync over a link that breaks; `victim` is killed there, if any."""
    import subprocess
    from lib import ENV
    running = []

    def at_the_end():
        if victim == "client":
            running[0].kill()
        elif victim == "hub":
            hub.process.kill()

    link = Link(hub.port, way, after, at_the_end)
    set_url(a, f"http://127.0.0.1:{link.port}")
    running.append(subprocess.Popen(a.argv(("sync",)), env=ENV,
                                    stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL))
    running[0].wait(timeout=60)
    link.end()
    if victim == "hub":
        hub.stop(signal.SIGKILL)
        hub.start()
    set_url(a, hub.url)


def set_url(a, url):
    import sqlite3
    with sqlite3.connect(a.file) as db:
        db.execute("UPDATE _meta SET value=? WHERE key='url'", (url,))
    db.close()


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

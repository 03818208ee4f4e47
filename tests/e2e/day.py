"""A day on a real beat: Oakland's 35X of 2009, from the published map. What
is written offline reaches the hub in one request, the other officer and the
sergeant; an officer of another beat never receives a byte of it."""
import os
import socket
import threading

from lib import Hub, Person, check, main, same

MAP = "../shared/data/oakland_community_policing_beats_2009.geojson"
NARRATIVE = ("Cars with bags in view are broken into between six and eleven "
             "in the evening, mostly in bays three to five of the garage, "
             "where two lights have been dark since March. The manager has "
             "filed two work orders. Residents of the block above walk home "
             "past the exit and have stopped doing so alone. The camera at "
             "the pay station sees the entrance only. Patrol passes at ten, "
             "an hour after most of the calls come in, and finds no one.")


class Counter:
    """Carries connections to the hub and counts the requests in them."""

    def __init__(self, port):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.up = b""
        threading.Thread(target=self.serve, args=(port,),
                         daemon=True).start()

    def serve(self, port):
        while True:
            client, _ = self.listener.accept()
            hub = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=self.carry, args=(hub, client, False),
                             daemon=True).start()
            self.carry(client, hub, True)

    def carry(self, source, target, count):
        while True:
            data = source.recv(65536)
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            if count:
                self.up += data
            target.sendall(data)


def people(folder, hubs):
    hub = Hub(folder)
    hub("init", "--profile", "oakland", "--timezone", "America/Los_Angeles")
    hub("import", "beats", MAP, "--code", "CP_BEAT")
    hub("unit", "add", "A5", "--name", "Area 5", "--kind", "area",
        "--beats", "35X,34X")
    for badge, access, beats in (
            ("11", "officer", ("--beats", "35X")),
            ("12", "officer", ("--beats", "35X")),
            ("13", "officer", ("--beats", "34X")),
            ("90", "sergeant", ())):
        hub("member", "add", badge, "--name", f"Officer {badge}",
            "--access", access, "--unit", "A5", *beats)
    hubs.append(hub.start())
    return hub, [Person(folder, badge).enroll(hub)
                 for badge in ("11", "12", "13", "90")]


def write_offline(a, others):
    project = a.add("project", title="Garage break-ins", beat_ids="35X",
                    problem=NARRATIVE)
    for i, name in enumerate(others):
        a("set", name, f"goal=Half as many by week {i}")
    before = a.json("show", project)
    same("offline: the narrative is there, whole",
         before["problem"], NARRATIVE)
    same("offline: status says what is unsent",
         a.json("status")["unsent"], 1 + len(others))
    return project


def holds_no_byte(person, words):
    raw = b""
    for end in ("", "-wal"):
        if os.path.exists(person.file + end):
            with open(person.file + end, "rb") as f:
                raw += f.read()
    return not any(word in raw for word in words)


def story(folder, hubs):
    if not os.path.exists(MAP):
        print(f"ok - a day on beat 35X # SKIP no {MAP} here")
        return
    hub, (a, b, c, sergeant) = people(folder, hubs)
    others = [b.add("project", title=f"Project {i}", beat_ids="35X")
              for i in range(10)]
    b("sync")
    a("sync")
    hub.stop()
    project = write_offline(a, others)
    hub.start()
    counter = Counter(hub.port)
    one_request(a, counter)
    for who in (b, sergeant):
        who("sync")
        same(f"{who.badge} sees the narrative", who.field(project, "problem"),
             NARRATIVE)
        same(f"{who.badge} sees all ten fields",
             [who.field(name, "goal") for name in others],
             [f"Half as many by week {i}" for i in range(10)])
    c("sync")
    check("an officer of 34X has no byte of it",
          holds_no_byte(c, (b"Garage break-ins", b"bays three", b"by week")))
    moved(hub, (a, b, c, sergeant), project)


def one_request(a, counter):
    import sqlite3
    db = sqlite3.connect(a.file)
    db.execute("UPDATE _meta SET value=? WHERE key='url'",
               (f"http://127.0.0.1:{counter.port}",))
    db.commit()
    db.close()
    a("sync")
    same("one sync is one POST request", counter.up.count(b"POST /v1/sync "),
         1)
    same("and nothing is unsent", a.json("status")["unsent"], 0)
    print(f"# {len(counter.up)} bytes up for a project of 400 characters "
          f"and ten fields, headers included")


def moved(hub, everyone, project):
    a, b, c, sergeant = everyone
    number = project.split("/")[1]
    note = b.add("project_update", project_id=number, text="Walked the lot")
    action = b.add("response_action", project_id=number, text="New lights")
    b("sync")
    sergeant("sync")
    sergeant("set", project, "beat_ids=34X")
    sergeant("sync")
    for who in (c, a, b):
        who("sync")
    same("moved to 34X it reaches that officer whole",
         (c.field(project, "problem"), c.field(note, "text"),
          c.field(action, "text")),
         (NARRATIVE, "Walked the lot", "New lights"))
    for who in (a, b):
        for name in (project, note, action):
            who.fails(f"{who.badge}: {name.split('/')[0]} has left", 1, "",
                      "show", name)
    for who in everyone:
        check(f"{who.badge}: verify", who.run("verify")[0] == 0)
    hub("audit", "verify")


if __name__ == "__main__":
    main(story)

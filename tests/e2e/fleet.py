"""Several people, one hub: what reaches whom, and what is never lost."""
import os
import shutil
import signal
import socket
import subprocess

from lib import ENV, Person, check, city, main, same


def offline_day(hub, ibarra, chen, okafor):
    hub.stop()
    name = ibarra.add("project", title="Harbor Garage", beat_ids="12X")
    for i in range(5):
        ibarra("set", name, f"goal=step {i}")
    ibarra.add("project_update", project_id=name.split("/")[1],
               text="Signs are up")
    same("edits wait while the hub is away",
         ibarra.json("status")["unsent"], 7)
    ibarra.fails("sync without a hub", 75, "", "sync")
    same("and are kept", ibarra.json("status")["unsent"], 7)
    hub.start()
    same("one sync sends them all", ibarra.json("sync")["confirmed"], 7)
    same("none is left", ibarra.json("status")["unsent"], 0)
    chen("sync")
    okafor("sync")
    same("a second officer of the beat sees it", chen.field(name, "goal"),
         "step 4")
    same("with its whole history", len(chen.json("log", name)), 6)
    okafor.fails("an officer of another beat has nothing", 1, "", "show",
                 name)
    raw = open(okafor.file, "rb").read()
    check("not a byte of it", b"Harbor Garage" not in raw and
          b"Signs are up" not in raw)
    return name


def conflict(ibarra, chen, mota, name):
    ibarra("set", name, "goal=half by August", "stage=analysis")
    chen("set", name, "goal=half by September", "lessons=ask facilities")
    ibarra("sync")
    chen("sync")
    ibarra("sync")
    mota("sync")
    for who in (ibarra, chen, mota):
        same(f"{who.badge}: the later one stands", who.field(name, "goal"),
             "half by September")
        same(f"{who.badge}: other fields merge",
             (who.field(name, "stage"), who.field(name, "lessons")),
             ("analysis", "ask facilities"))
        got = who.json("conflicts")
        check(f"{who.badge}: one conflict, both sides", len(got) == 1 and
              {"record", "field", "won", "lost", "won_by", "lost_by",
               "won_at", "lost_at"} <= set(got[0]) and
              (got[0]["record"], got[0]["field"], got[0]["won"],
               got[0]["lost"], got[0]["won_by"], got[0]["lost_by"]) ==
              (name, "goal", "half by September", "half by August", "4480",
               "4471"), got)
    ibarra("resolve", name, "goal", "take")
    same("take brings the loser back", ibarra.field(name, "goal"),
         "half by August")
    for who in (ibarra, chen, mota, ibarra):
        who("sync")
    for who in (ibarra, chen, mota):
        same(f"{who.badge}: it is settled", who.json("conflicts"), [])
        same(f"{who.badge}: and agreed", who.field(name, "goal"),
             "half by August")


def settle_otherwise(ibarra, chen, name):
    for how, want in (("keep", "chen keep"), ("=third", "third")):
        ibarra("set", name, f"goal=ibarra {how}")
        chen("set", name, f"goal=chen {how}")
        ibarra("sync")
        chen("sync")
        chen("resolve", name, "goal", how)
        chen("sync")
        ibarra("sync")
        same(f"resolve {how}", (ibarra.field(name, "goal"),
                                ibarra.json("conflicts"),
                                chen.json("conflicts")), (want, [], []))


def moved(ibarra, chen, okafor, mota, name):
    mota("set", name, "beat_ids=14X")
    mota("sync")
    ibarra("sync")
    chen("sync")
    okafor("sync")
    same("a moved project reaches its new beat",
         okafor.field(name, "title"), "Harbor Garage")
    same("with its updates", len(okafor.json("list", "project_update")), 1)
    chen.fails("and leaves the old one", 1, "", "show", name)
    mota("set", name, "beat_ids=12X")
    mota("sync")
    okafor("sync")
    chen("sync")
    ibarra("sync")
    same("and comes back whole", (chen.field(name, "lessons"),
                                  len(chen.json("list", "project_update"))),
         ("ask facilities", 1))
    okafor.fails("leaving nothing", 1, "", "show", name)


def killed_hub(hub, ibarra, chen, name):
    """kill -9 of the hub while a client is sending."""
    for i in range(40):
        ibarra("set", name, f"goal=kill {i}")
    process = subprocess.Popen(ibarra.argv(("sync",)), env=ENV,
                               stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    hub.stop(signal.SIGKILL)
    process.communicate(timeout=60)
    check("a sync that lost its hub says so", process.returncode in (0, 75),
          process.returncode)
    hub.start()
    ibarra("sync")
    chen("sync")
    same("killed hub: nothing lost", (ibarra.json("status")["unsent"],
                                      chen.field(name, "goal")),
         (0, "kill 39"))
    check("killed hub: the log verifies", hub("audit", "verify") != "")


def killed_client(hub, ibarra, chen, name):
    """kill -9 of the client at several steps of a sync: the hub's end of the
    connection is a proxy that stops after some bytes."""
    for upto in (1, 200, 900):
        for i in range(20):
            ibarra("set", name, f"lessons=cut {upto} {i}")
        cut_connection(hub, ibarra, upto)
        ibarra("verify")
        ibarra("sync")
        chen("sync")
        same(f"client killed after {upto} bytes: nothing lost, none twice",
             (ibarra.json("status")["unsent"], chen.field(name, "lessons"),
              len(set(e["edit"] for e in chen.json("log", name)))),
             (0, f"cut {upto} 19", len(chen.json("log", name))))


def cut_connection(hub, person, upto):
    """Stand in the hub's place, pass `upto` bytes of the answer on, then
    kill the client with its connection open."""
    address = hub.address
    hub.stop()
    host, port = address.rsplit(":", 1)
    listener = socket.create_server((host, int(port)))
    hub.address = None
    hub.start()
    process = subprocess.Popen(person.argv(("sync",)), env=ENV,
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    client, _ = listener.accept()
    behind = socket.create_connection(("127.0.0.1", hub.port))
    pass_on(client, behind, upto)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    for s in (client, behind, listener):
        s.close()
    hub.stop()
    hub.address = address
    hub.start()


def pass_on(client, behind, upto):
    request = b""
    while not whole_request(request):
        piece = client.recv(65536)
        if not piece:
            return
        request += piece
    behind.sendall(request)
    client.sendall(behind.recv(upto))


def whole_request(data):
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return False


def copied_file(folder, ibarra, chen, name):
    """Two devices with one identity: the second gets one of its own."""
    twin = Person(folder, "4471", "twin")
    ibarra("sync")
    shutil.copy(ibarra.file, twin.file)
    ibarra("set", name, "goal=from the first")
    twin("set", name, "lessons=from the twin")
    ibarra("sync")
    twin("sync")
    check("a copied file gets a number of its own",
          twin.json("status")["replica"] != ibarra.json("status")["replica"])
    same("and its edits are sent", (twin.json("status")["unsent"],
                                    twin.field(name, "goal")),
         (0, "from the first"))
    chen("sync")
    same("both go on", (chen.field(name, "goal"),
                        chen.field(name, "lessons")),
         ("from the first", "from the twin"))


def new_assignment(hub, ibarra):
    hub("member", "set", "4471", "--beats", "12X,14X")
    ibarra("sync")
    check("a new assignment gives its book while the hub serves",
          "beat:14X" in ibarra.json("status")["books"])
    hub("member", "set", "4471", "--beats", "12X")
    ibarra("sync")
    check("an ended one takes it", "beat:14X" not in
          ibarra.json("status")["books"])


def restored(hub, folder, ibarra, chen, name):
    """A hub that is younger than its replicas: they notice, and keep all.
    One that saw nothing that the backup lacks goes on as before."""
    copy = os.path.join(folder, "backup")
    chen("sync")
    hub("backup", copy)
    ibarra("set", name, "goal=after the backup")
    ibarra("sync")
    hub.stop()
    shutil.rmtree(hub.place)
    out = hub("restore", copy)
    check("restore says to repeat revocations", "revoke" in out, out)
    hub.start()
    ibarra("set", name, "lessons=after the restore")
    ibarra("sync")
    same("a replica that saw more sends it again",
         (ibarra.field(name, "goal"), ibarra.field(name, "lessons"),
          ibarra.json("status")["unsent"]),
         ("after the backup", "after the restore", 0))
    chen("set", name, "lessons=written by Chen after the restore")
    same("a replica that saw no more than the backup goes on",
         (chen.json("sync")["confirmed"], chen.json("status")["unsent"]),
         (1, 0))
    check("a restored hub's log verifies", hub("audit", "verify") != "")


def refused(hub, okafor):
    number = str(okafor.json("status")["replica"])
    okafor.add("project", title="Before", beat_ids="14X")
    hub("replica", "revoke", number)
    okafor.fails("a revoked replica is refused", 69, "", "sync")
    same("and keeps its edits", okafor.json("status")["unsent"], 1)
    hub.fails("revoke an unknown replica", 1, "", "replica", "revoke",
              "999999")


def story(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    ibarra, chen, okafor, mota = (Person(folder, badge).enroll(hub)
                                  for badge in ("4471", "4480", "4499",
                                                "900"))
    name = offline_day(hub, ibarra, chen, okafor)
    mota("sync")
    conflict(ibarra, chen, mota, name)
    settle_otherwise(ibarra, chen, name)
    moved(ibarra, chen, okafor, mota, name)
    killed_hub(hub, ibarra, chen, name)
    killed_client(hub, ibarra, chen, name)
    copied_file(folder, ibarra, chen, name)
    new_assignment(hub, ibarra)
    refused(hub, okafor)
    for who in (ibarra, chen, mota):
        who("sync")
        same(f"{who.badge}: verify", who.run("verify")[0], 0)
    restored(hub, folder, ibarra, chen, name)


if __name__ == "__main__":
    main(story)

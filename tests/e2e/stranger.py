"""A client that was written from sync/PROTOCOL.md alone, against the real hub.

It knows no catalogue and none of the project's code: it enrolls, fills, edits,
meets conflicts, settles them and moves records, and reckons every hash, splice
and checksum itself. What it holds is held against the real client's.
"""
import base64
import hashlib
import http.client
import json
import os
import re
import sys
import time
import zlib

from lib import Person, check, city, main, same

HERE = os.path.dirname(os.path.abspath(__file__))
SYNC = os.path.join(HERE, "..", "..", "sync")
BOOT = "stranger-boot"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sha(data):
    return hashlib.sha256(data).digest()


def net(value):
    data = value if isinstance(value, bytes) else str(value).encode()
    return b"%d:%s" % (len(data), data)


def dictionary():
    with open(os.path.join(SYNC, "dictionary.txt"), "rb") as f:
        return f.read()[:-1]


def hash_edit(e, boot_id=BOOT):
    parts = [net(e["id"]), net(e["r"]), net(len(e["f"]))]
    for name in sorted(e["f"], key=str.encode):
        parts += [net(name), net(e["f"][name]), net(e["o"].get(name, ""))]
    settled = [(f, x) for f, losers in e["z"].items() for x in losers]
    parts.append(net(len(settled)))
    for field, loser in settled:
        parts += [net(field), net(loser)]
    parts += [net(e["y"]), net(e["seen"]), net(e["wall"]), net(e["boot"]),
              net(boot_id)]
    return sha(b"".join(parts))


def between(data, at):
    return at == len(data) or data[at] & 0xC0 != 0x80


def cut(base, value):
    """A splice of value against base, or None where it is not worth it."""
    old, new = base.encode(), value.encode()
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    while head and not (between(old, head) and between(new, head)):
        head -= 1
    tail = 0
    while (tail < min(len(old), len(new)) - head
           and old[-1 - tail] == new[-1 - tail]):
        tail += 1
    while tail and not between(new, len(new) - tail):
        tail -= 1
    if head + tail < 44:
        return None
    middle = new[head:len(new) - tail].decode()
    return [head, tail, middle, b64(sha(new)[:4])]


def join(base, splice):
    head, tail, middle, told = splice
    old = base.encode()
    if head + tail > len(old):
        raise ValueError("the base is too short")
    new = old[:head] + middle.encode() + old[len(old) - tail:]
    if b64(sha(new)[:4]) != told:
        raise ValueError("the check fails")
    return new.decode()


class Answer:
    """What differences are taken against while an answer is read."""

    def __init__(self, hello, sent):
        self.seq = hello["c"][1] if "c" in hello else 0
        self.n, self.first = hello["n"], hello["n"]
        self.ages = [e["age"] for e in sent]
        self.at = self.time = 0
        self.edit = self.record = self.filling = None
        self.joined = 0  # splices that were put together


class Stranger:
    def __init__(self, hub, badge, deflated):
        self.hub, self.badge, self.deflated = hub, badge, deflated
        self.confirmed, self.chain = 0, bytes(32)
        self.cursor = self.profile = self.level = None
        self.books = {}  # name: None joined, or [head, kind, id]
        self.lent = []
        self.entries = {}  # edit: {seq, r, f, …}
        self.cells = {}  # (record, field): edit
        self.losers = {}  # (record, field): [edits]
        self.places = {}  # record: set of books
        self.outbox = []
        self.n = self.ids = 0
        self.sums = []
        self.last = None

    # HTTP.

    def call(self, method, path, body=None, headers=None):
        c = http.client.HTTPConnection(self.hub.address, timeout=60)
        c.request(method, path, body, headers or {})
        answer = c.getresponse()
        data = answer.read()
        c.close()
        return answer.status, data

    def enroll(self):
        code = self.hub("invite", self.badge).strip()
        status, data = self.call("POST", "/v1/enroll", json.dumps(
            {"badge": self.badge, "code": code, "device": "stranger"}))
        given = json.loads(data)
        assert status == 200, data
        self.number, self.token = given["replica"], given["token"]
        self.profile = given["hash"]
        return self

    # Writing.

    def value(self, record, field):
        edit = self.cells.get((record, field))
        for e in self.outbox:
            if e["r"] == record and field in e["f"]:
                edit = e["id"]
        return edit, self.given(edit, record, field)

    def given(self, edit, record, field):
        """The value that an edit gave to a field; None: not held."""
        for e in self.outbox:
            if e["id"] == edit and e["r"] == record:
                return e["f"].get(field)
        e = self.entries.get(edit)
        return e["f"].get(field) if e and e["r"] == record else None

    def make(self, kind, **fields):
        self.ids += 1
        digits, n = "", self.number
        while n:
            digits = "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36] + digits
            n //= 36
        return self.edit(f"{kind}/{digits}-{self.ids:x}", **fields)

    def edit(self, record, settles=None, ago_ms=0, **fields):
        self.n += 1
        over = {f: self.value(record, f)[0] for f in fields}
        self.outbox.append({
            "id": f"{self.number}.{self.n}", "r": record, "f": fields,
            "o": {f: o for f, o in over.items() if o}, "z": settles or {},
            "y": "", "seen": self.cursor[1] if self.cursor else 0,
            "wall": int(time.time() * 1000) - ago_ms,
            "boot": int(time.monotonic() * 1000) - ago_ms})
        return record

    def put_edit(self, e, before, whole):
        """`before` is what differences are taken against."""
        fields = dict(e["f"])
        for name, over in e["o"].items():
            base = self.given(over, e["r"], name)
            splice = cut(base, e["f"][name]) if base and not whole else None
            fields[name] = splice or fields[name]
        line = {"r": e["r"], "f": fields, "o": e["o"], "z": e["z"]}
        anew = before["boot_id"] != BOOT
        wall = e["wall"] - before["wall"]
        boot = e["boot"] - before["boot"]
        line["q"] = e["seen"] - before["seen"]
        line["g"] = e["age"] - (0 if anew else before["age"] - boot)
        line["w"] = wall
        line["k"] = e["boot"] if anew else boot - wall
        if anew:
            line["i"] = BOOT
        before.update(wall=e["wall"], boot=e["boot"], age=e["age"],
                      seen=e["seen"], boot_id=BOOT)
        return {k: v for k, v in line.items() if v or k == "r"}

    def books_hash(self):
        text = "".join(b + "\n" for b in sorted(self.books))
        if self.level:
            text += f"={self.level}\n"
        text += "".join(f"+{b}\n" for b in sorted(self.lent))
        return b64(sha(text.encode())[:8])

    def hello(self, named, sums, whole):
        h = {"v": 1, "t": self.token, "n": self.confirmed}
        if self.confirmed:
            h["h"] = b64(self.chain[:8])
        if self.cursor:
            h["c"] = self.cursor
        filling = {b: at for b, at in self.books.items() if at}
        if self.books and not filling and not named:
            h["b"] = self.books_hash()
        else:
            h["b"] = sorted(self.books)
        if filling:
            h["f"] = filling
        if self.profile:
            h["p"] = self.profile
        if sums:
            h["k"] = True
        if whole:
            h["w"] = True
        return h

    def request(self, named=False, sums=False, whole=False):
        hello = self.hello(named, sums, whole)
        now = int(time.monotonic() * 1000)
        before = {"wall": 0, "boot": 0, "age": 0, "boot_id": "",
                  "seen": self.cursor[1] if self.cursor else 0}
        sent = [e for e in self.outbox if int(e["id"].split(".")[1])
                > self.confirmed]
        lines = [hello]
        for e in sent:
            e["age"] = now - e["boot"]
            lines.append(self.put_edit(e, before, whole))
        text = "".join(json.dumps(line, separators=(",", ":"),
                                  ensure_ascii=False) + "\n"
                       for line in lines).encode()
        self.last = text.decode()
        if self.deflated:
            z = zlib.compressobj(9, zdict=dictionary())
            text = z.compress(text) + z.flush()
        return hello, sent, text

    # Reading.

    def lines(self, data):
        if data[:1] != b"{":
            z = zlib.decompressobj(zdict=dictionary())
            data = z.decompress(data)
        self.heard = data.decode()
        return [json.loads(line) for line in self.heard.splitlines()]

    def sync(self, **how):
        """One request after another until the hub has no more to say."""
        for _ in range(6):
            hello, sent, body = self.request(**how)
            status, data = self.call("POST", "/v1/sync", body)
            assert status == 200, (status, data)
            a = Answer(hello, sent)
            for frame in self.lines(data):
                self.take(a, frame, hello)
            assert "end" in frame, "the stream broke off"
            if self.cursor and not any(self.books.values()):
                return self
            how = {"named": True}
        raise AssertionError("it does not end")

    def take(self, a, f, hello):
        if "t" in f:
            self.take_head(a, f, hello)
        elif "profile" in f:
            pass
        elif "fill" in f:
            a.filling = f["fill"]
            self.books.setdefault(a.filling, [f["s"], "", ""])
        elif "filled" in f:
            self.books[f["filled"]] = None
            a.filling = None
        elif "sum" in f:
            self.sums.append((f["sum"], f["k"], self.own_sums(f["sum"])))
        elif "c" in f:
            self.cursor = [self.incarnation] + f["c"]
        elif "end" in f or "held" in f:
            pass
        elif "s" in f and "e" in f:
            self.take_entry(a, f)
        elif "s" in f and "n" in f:
            self.take_verdict(a, f)
        elif "s" in f and "g" in f:
            self.seq(a, f)
            for book in f["g"]:
                self.leave(f["r"], book)
        elif "s" in f and "b" in f:
            self.seq(a, f)
            self.enter(a, f, f["b"])
        elif "s" not in f and "r" in f:
            self.enter(a, f, [a.filling])
            self.books[a.filling][1:] = f["r"].split("/")
        else:  # of a newer hub, or of no use here
            if "s" in f:
                self.seq(a, f)
            if "a" in f:
                self.at(a, f)

    def take_head(self, a, f, hello):
        a.time = a.at = f["t"]
        self.incarnation = f.get("i") or hello["c"][0]
        if "p" in f:
            self.profile = f["p"]
        for e in self.outbox:
            n = int(e["id"].split(".")[1])
            if self.confirmed < n <= f["n"]:
                self.chain = sha(self.chain + hash_edit(e))
                self.confirmed = n
        if "b" in f:
            self.level = f.get("l", self.level)
            self.lent = f.get("g", [])
            for book in set(self.books) - set(f["b"]):
                for record in list(self.places):
                    self.leave(record, book)
                del self.books[book]

    def seq(self, a, f):
        if a.filling:
            return f["s"]
        a.seq += f["s"]
        return a.seq

    def at(self, a, f):
        if a.filling:
            return f["a"]
        a.at += f["a"]
        return a.at

    def take_entry(self, a, f):
        seq, at = self.seq(a, f), self.at(a, f)
        edit = f["e"]
        if isinstance(edit, int):
            number, n = a.edit.split(".")
            edit = f"{number}.{int(n) + edit}"
        record = f.get("r", a.record)
        if not a.filling:
            a.edit, a.record = edit, record
        fields = dict(f.get("f", {}))
        for name, value in fields.items():
            if isinstance(value, list):
                over = f["o"] if isinstance(f["o"], str) else f["o"][name]
                fields[name] = join(self.given(over, record, name), value)
                a.joined += 1
        self.joined = a.joined
        for book in f.get("b", []):
            self.places.setdefault(record, set()).add(book)
        self.apply(edit, seq, at, record, fields, f)

    def take_verdict(self, a, f):
        seq = self.seq(a, f)
        a.n += f["n"]
        place = a.n - a.first - 1
        if place < len(a.ages):
            a.at = a.time - a.ages[place]
        a.at += f.get("a", 0)
        own = [e for e in self.outbox
               if e["id"] == f"{self.number}.{a.n}"][0]
        for book in f.get("b", []):
            self.places.setdefault(own["r"], set()).add(book)
        self.apply(own["id"], seq, a.at, own["r"], own["f"], f)
        self.outbox.remove(own)

    def apply(self, edit, seq, at, record, fields, f):
        had = self.entries.get(edit)
        if not had or len(had["f"]) <= len(fields):
            self.entries[edit] = {"seq": seq, "at": at, "r": record,
                                  "f": fields}
        if "h" in f or "j" in f:
            return
        for name in fields:
            if name in f.get("l", {}):
                continue
            stands = self.cells.get((record, name))
            if not stands or self.entries[stands]["seq"] < seq:
                self.cells[record, name] = edit
        for name, losers in f.get("x", {}).items():
            self.losers[record, name] = losers

    def enter(self, a, f, books):
        self.places.setdefault(f["r"], set()).update(books)
        if "w" not in f:
            return
        for key in [k for k in self.losers if k[0] == f["r"]]:
            del self.losers[key]
        for part in f["w"]:
            self.apply(part["e"], part["s"], part["a"], f["r"],
                       part.get("f", {}), part)

    def leave(self, record, book):
        where = self.places.get(record, set())
        where.discard(book)
        if where:
            return
        self.places.pop(record, None)
        for held in (self.cells, self.losers):
            for key in [k for k in held if k[0] == record]:
                del held[key]

    # Looking at it.

    def shown(self, record):
        """{field: value} of a record, as the hub has it."""
        return {name: self.given(edit, record, name)
                for (r, name), edit in self.cells.items()
                if r == record and self.given(edit, record, name)}

    def own_sums(self, book):
        sums = {}

        def add(what, record, field="", edit=""):
            digest = sha(what + net(record) + net(field) + net(edit))
            kind = record.split("/")[0]
            sums[kind] = (sums.get(kind, 0)
                          + int.from_bytes(digest[:8], "big")) % 2 ** 64

        for record, books in self.places.items():
            if book in books:
                add(b"r", record)
        for (record, field), edit in self.cells.items():
            if book in self.places.get(record, ()):
                add(b"c", record, field, edit)
        for (record, field), losers in self.losers.items():
            for loser in losers:
                if book in self.places.get(record, ()):
                    add(b"l", record, field, loser)
        return {k: b64(v.to_bytes(8, "big")) for k, v in sums.items()}


LONG = ("Bicycles vanish from the racks at the lake, most of them between six "
        "and nine in the evening, when the boat house has closed.")


def agree(name, stranger):
    """Its checksums are the hub's, book by book."""
    stranger.sums = []
    for _ in range(1000):  # a hub that was just busy with them leaves them out
        stranger.sync(sums=True)
        if stranger.sums:
            break
    check(name, stranger.sums and
          all(told == own for _, told, own in stranger.sums)
          and {b for b, _, _ in stranger.sums} == set(stranger.books),
          stranger.sums)


def fill(hub):
    a = Stranger(hub, "4471", deflated=False).enroll().sync()
    b = Stranger(hub, "4480", deflated=True).enroll().sync()
    same("a stranger fills its books", sorted(a.books),
         ["beat:12X", "dept", "member:4471", "unit:A1"])
    agree("and holds what the hub has", a)
    agree("deflated too", b)
    return a, b


def edit(a, b, real):
    project = a.make("project", title="Lake theft", beat_ids="12X",
                     problem=LONG, stage="scanning", status="open")
    update = a.make("project_update", project_id=project.split("/")[1],
                    text="Walked the block.", made_at="2026-11-21T18:00:00.000Z",
                    author_id="4471")
    a.sync()
    same("its edits are confirmed", (a.confirmed, a.outbox), (2, []))
    b.sync()
    same("another stranger has them", b.shown(project)["problem"], LONG)
    a.edit(project, problem=LONG + " Twice. Größer.")
    a.sync()
    check("a splice goes up", '"problem":[' in a.last, a.last)
    b.sync()
    same("and down", (b.joined, b.shown(project)["problem"]),
         (1, LONG + " Twice. Größer."))
    real("sync")
    same("the real client has the same", real.field(project, "problem"),
         LONG + " Twice. Größer.")
    real("set", project, "problem=" + LONG + " Twice. Größer. Thrice.")
    real("sync")
    a.sync()
    same("its splice is put together", (a.joined, a.shown(project)["problem"]),
         (1, LONG + " Twice. Größer. Thrice."))
    a.sync()
    same("the chain of hashes is the hub's", a.confirmed, 3)
    return project, update


def conflict(a, b, project):
    # A stamp is late by what its request takes: far more lies between the two.
    a.edit(project, ago_ms=10000, goal="half by May")
    b.edit(project, goal="none at all")
    loser = f"{a.number}.{a.n}"
    a.sync()
    b.sync()
    a.sync()
    same("a conflict is told to both",
         (a.losers[project, "goal"], b.losers[project, "goal"]),
         ([loser], [loser]))
    same("the later one stands", a.shown(project)["goal"], "none at all")
    agree("an open conflict counts", a)
    b.edit(project, settles={"goal": [loser]}, goal="half by May")
    b.sync()
    a.sync()
    same("it is settled with the other value",
         (a.losers[project, "goal"], a.shown(project)["goal"]),
         ([], "half by May"))
    agree("and counts no more", b)


def move(a, b, project, update):
    b.edit(project, beat_ids="12Y")
    b.sync()
    a.sync()
    same("a record that moved away is gone, with its child",
         (a.shown(project), a.shown(update)), ({}, {}))
    same("and is where it went", (b.shown(project)["beat_ids"],
                                  b.places[update]), ("12Y", {"beat:12Y"}))
    agree("who lost it agrees", a)
    agree("who has it agrees", b)
    b.edit(project, beat_ids="12X")
    b.sync()
    a.sync()
    same("it comes back whole", (a.shown(project)["goal"],
                                 a.shown(update)["text"]),
         ("half by May", "Walked the block."))
    agree("and all agree again", a)


def rest(hub, a, b, project):
    status, data = a.call("GET", f"/v1/log?record={project}", None,
                          {"Authorization": "Bearer " + a.token})
    entries = json.loads(data)["entries"]
    same("the log has every edit", (status, entries[-1]["edit"]),
         (200, f"{a.number}.1"))
    a.edit(project, status="on_hold")
    _, _, body = a.request()
    first, second = (a.call("POST", "/v1/sync", body) for _ in range(2))
    same("a replay changes nothing",
         (first[0], json.loads(second[1].splitlines()[0])["n"]), (200, a.n))
    a.sync()
    a.chain = bytes(32)
    _, _, body = a.request()
    status, data = a.call("POST", "/v1/sync", body)
    head = json.loads(data.splitlines()[0])
    check("another chain is no repeat", status == 200 and "x" in head, data)
    fresh = Stranger(hub, "4480", deflated=True).enroll().sync()
    same("a new file comes to the same",
         {k: v for k, v in fresh.cells.items()},
         {k: v for k, v in b.sync().cells.items()})


def hex_lines(data):
    text = data.hex()
    return "".join(text[i:i + 72] + "\n" for i in range(0, len(text), 72))


def pack(lines):
    z = zlib.compressobj(9, zdict=dictionary())
    return z.compress(lines.encode()) + z.flush()


def unpack(text):
    z = zlib.decompressobj(zdict=dictionary())
    return z.decompress(bytes.fromhex("".join(text.split()))).decode()


def page_text():
    with open(os.path.join(SYNC, "PROTOCOL.md"), encoding="utf-8") as f:
        return f.read()


def numbers_of_dictionary():
    return (f"{len(dictionary()):,} bytes, with the Adler-32 "
            f"{zlib.adler32(dictionary()):08x}")


def hashes_of(text):
    edit = sha(text.encode())
    return (f"H(edit) {edit.hex()}\nh_12    "
            f"{sha(bytes(range(1, 33)) + edit).hex()}\n")


def write_page():
    """Put what can be reckoned into PROTOCOL.md."""
    text = re.sub(r"[\d,D]+ bytes, with the Adler-32 [0-9a-fA]+",
                  numbers_of_dictionary(), page_text())
    for what in ("request", "answer"):
        text = re.sub(
            rf"(<!-- {what} -->\n```\n)[0-9a-f\n]+(```\n\n.*?```\n(.*?)```)",
            lambda m: m[1] + hex_lines(pack(m[3])) + m[2], text, count=1,
            flags=re.S)
    text = re.sub(r"(<!-- hash -->\n```\n)([^\n]*)\n.*?(?=```)",
                  lambda m: m[1] + m[2] + "\n" + hashes_of(m[2]), text,
                  count=1, flags=re.S)
    text = re.sub(r"(<!-- books -->\n```\n)[^\n]*",
                  lambda m: m[1] + example_books(), text, count=1)
    with open(os.path.join(SYNC, "PROTOCOL.md"), "w", encoding="utf-8") as f:
        f.write(text)


def example_books():
    s = Stranger(None, "4471", False)
    s.books = dict.fromkeys(("dept", "member:4471", "beat:35X"))
    s.lent, s.level = ["beat:35X"], "officer"
    return s.books_hash()


def example_edit():
    return {"id": "47.12", "r": "project/1b-1", "f": {"stage": "analysis"},
            "o": {"stage": "47.3"}, "z": {}, "y": "", "seen": 5100,
            "wall": 1784017860000, "boot": 1000000}


def page():
    """What PROTOCOL.md says in numbers and bytes is so."""
    text = page_text()
    check("the dictionary is the one of the page",
          numbers_of_dictionary() in text, numbers_of_dictionary())
    for what in ("request", "answer"):
        found = re.search(rf"<!-- {what} -->\n```\n(.*?)```.*?```\n(.*?)```",
                          text, re.S)
        same(f"the deflated {what} of the page is what it says",
             unpack(found[1]), found[2])
    found = re.search(r"<!-- hash -->\n```\n(.*?)\n(.*?)```", text, re.S)
    same("and so are its hashes", hashes_of(found[1]), found[2])
    same("which are those of its edit",
         hash_edit(example_edit(), "boot-zero").hex(),
         found[2].split()[1])
    found = re.search(r"<!-- books -->\n```\n(.*?)\n", text)
    same("and that of its books", example_books(), found[1])


def story(folder, hubs):
    page()
    hub = city(folder)
    hubs.append(hub)
    a, b = fill(hub)
    real = Person(folder, "4471", "real").enroll(hub)
    project, update = edit(a, b, real)
    conflict(a, b, project)
    move(a, b, project, update)
    rest(hub, a, b, project)


if __name__ == "__main__":
    if sys.argv[1:] == ["page"]:  # put its numbers and bytes into the page
        write_page()
    main(story)

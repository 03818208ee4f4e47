"""What end-to-end tests need: a hub, people with replicas, and checks.

Every process started here is ended here, by its own handle; nothing waits for
a time to pass, only for lines, answers and ends of processes.
"""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
CLIENT = os.path.join(BUILD, "beatbook")
HUB = os.path.join(BUILD, "beatbook-hub")
ENV = {k: v for k, v in os.environ.items()
       if not k.startswith(("BEATBOOK", "XDG_", "http", "HTTP"))}
ENV["LC_ALL"] = "C.UTF-8"

counts = {"ok": 0, "not ok": 0}


def check(name, good, detail=""):
    """Print one line of TAP; `detail` says more when it is not good."""
    word = "ok" if good else "not ok"
    counts[word] += 1
    print(f"{word} - {name}", flush=True)
    if not good and detail != "":
        for line in str(detail).splitlines()[-30:]:
            print(f"# {line[:400]}", flush=True)


def same(name, got, want):
    check(name, got == want, f"got  {got!r}\nwant {want!r}")


def run(args, text=None, env=None, cwd=None):
    """Run to the end. Returns (exit status, standard output, error)."""
    done = subprocess.run(
        args, input=text.encode() if isinstance(text, str) else text,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd,
        stdin=subprocess.DEVNULL if text is None else None,
        env={**ENV, **(env or {})}, timeout=120)
    return (done.returncode, done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"))


class Failed(Exception):
    pass


class Program:
    """Something whose commands are run: calling it expects success."""

    def argv(self, args):
        raise NotImplementedError

    def run(self, *args, text=None, env=None):
        return run(self.argv(args), text, env)

    def __call__(self, *args, text=None):
        status, out, err = self.run(*args, text=text)
        if status:
            raise Failed(f"{args}: exit {status}: {err}{out}")
        return out

    def json(self, *args):
        return json.loads(self(*args, "--json"))

    def fails(self, name, status, message, *args, text=None):
        """It must end with this status, and say this on standard error."""
        got, out, err = self.run(*args, text=text)
        check(name, got == status and message in err and out == "",
              f"exit {got}, not {status}\nerr {err!r}\nnot {message!r}"
              f"\nout {out!r}")
        return err


class Hub(Program):
    def __init__(self, folder):
        self.place = os.path.join(folder, "hub")
        self.process = None
        self.address = None

    def argv(self, args):
        return [HUB, "-d", self.place, *args]

    def start(self, *options, listen=None):
        """Serve, and wait for its first line. The port stays the same."""
        where = listen or self.address or "127.0.0.1:0"
        self.process = subprocess.Popen(
            self.argv(("serve", "--listen", where, *options)),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV)
        line = self.process.stdout.readline().decode()
        if not line.startswith("listening on "):
            raise Failed(self.process.stderr.read().decode() or line)
        self.address = line.split()[2]
        return self

    @property
    def url(self):
        return f"http://{self.address}"

    @property
    def port(self):
        return int(self.address.rsplit(":", 1)[1])

    def stop(self, how=signal.SIGTERM):
        """Returns its exit status."""
        if not self.process:
            return None
        self.process.send_signal(how)
        self.process.stdout.close()
        self.process.stderr.close()
        status = self.process.wait(timeout=60)
        self.process = None
        return status


class Person(Program):
    def __init__(self, folder, badge, name=None):
        self.badge = badge
        self.file = os.path.join(folder, f"{name or badge}.db")

    def argv(self, args):
        return [CLIENT, "-r", self.file, *args]

    def enroll(self, hub):
        code = hub("invite", self.badge).strip()
        self("enroll", hub.url, "--badge", self.badge, "--code", "-",
             "--device", "test", text=code + "\n")
        return self

    def set_url(self, url):
        """The hub is elsewhere now, behind a link say."""
        db = sqlite3.connect(self.file)
        with db:
            db.execute("UPDATE _meta SET value=? WHERE key='url'", (url,))
        db.close()

    def field(self, record, name):
        return self.json("show", record).get(name)

    def add(self, kind, **fields):
        return self("add", kind,
                    *(f"{k}={v}" for k, v in fields.items())).strip()


def square(code, x, y):
    """A GeoJSON feature: a beat as a small square."""
    ring = [[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01],
            [x, y]]
    return {"type": "Feature", "properties": {"beat": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}


def city(folder, start=True):
    """A hub with beats 12X, 12Y, 14X in unit A1, and its people: officers
    4471 (12X), 4480 (12X, 12Y), 4499 (14X), sergeant 900, admin 1."""
    hub = Hub(folder)
    hub("init", "--profile", "oakland", "--timezone", "America/Los_Angeles")
    beats = os.path.join(folder, "beats.geojson")
    with open(beats, "w", encoding="utf-8") as f:
        json.dump({"type": "FeatureCollection", "features": [
            square("12X", -122.28, 37.80), square("12Y", -122.27, 37.80),
            square("14X", -122.26, 37.80)]}, f)
    hub("import", "beats", beats, "--code", "beat")
    hub("unit", "add", "A1", "--name", "Area 1", "--kind", "area",
        "--beats", "12X,12Y,14X")
    for badge, name, access, beats in (
            ("4471", "Ibarra", "officer", "12X"),
            ("4480", "Chen", "officer", "12X,12Y"),
            ("4499", "Okafor", "officer", "14X"),
            ("900", "Mota", "sergeant", None), ("1", "Root", "admin", None)):
        hub("member", "add", badge, "--name", name, "--access", access,
            "--unit", "A1", *(("--beats", beats) if beats else ()))
    return hub.start() if start else hub


def main(story):
    """Run a story in a folder of its own; whatever happens, clean up."""
    folder = tempfile.mkdtemp(prefix="beatbook-e2e-")
    hubs = []
    try:
        story(folder, hubs)
    except Exception:  # a story that breaks off is one failed check
        check(story.__module__ + " runs to its end", False,
              traceback.format_exc())
    finally:
        for hub in hubs:
            hub.stop(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0)

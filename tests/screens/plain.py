"""A shift by lines alone: --plain from a script on a pipe, as a screen reader's
front end or a program would drive it; and on a terminal that is dumb."""
import fcntl
import os
import pty
import re
import resource
import select
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))
from lib import CLIENT, ENV, Failed, Person, check, city, main, same  # noqa: E402

LIMIT_S = 20  # a line that has not come by then will not come


def plain(person, *lines, words=("--plain",)):
    """A script from start to end: what it printed."""
    status, out, err = person.run(*words, text="\n".join(lines) + "\n")
    if status or err:
        raise Failed(f"exit {status}: {err}{out}")
    return out


class Session:
    """Lines to and from the program, one answer after another."""

    def __init__(self, argv, env=None, terminal=None):
        """`terminal`: how many columns it has; None for a pipe."""
        env = {**ENV, **(env or {})}
        self.text = ""
        if terminal:
            self.master, slave = pty.openpty()
            fcntl.ioctl(slave, termios.TIOCSWINSZ,
                        struct.pack("HHHH", 24, terminal, 0, 0))
            self.process = subprocess.Popen(
                argv, stdin=slave, stdout=slave, stderr=slave, env=env,
                start_new_session=True)
            os.close(slave)
            self.input = self.master
        else:
            self.process = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, env=env)
            self.master = self.process.stdout.fileno()
            self.input = self.process.stdin.fileno()

    def say(self, line):
        self.text = ""
        os.write(self.input, line.encode() + b"\n")

    def hear(self, pattern):
        """Until it was printed since the last line. Returns that."""
        end = time.monotonic() + LIMIT_S
        while not re.search(pattern, self.text):
            left = end - time.monotonic()
            if left < 0 or not select.select([self.master], [], [], left)[0]:
                raise Failed(f"no {pattern!r} in\n{self.text}")
            try:
                got = os.read(self.master, 65536)
            except OSError:  # the other end of a terminal is closed
                got = b""
            if not got:
                raise Failed(f"no {pattern!r} before the end of\n{self.text}")
            self.text += got.decode(errors="replace").replace("\r", "")
        return self.text

    def number(self, pattern):
        """Of the line that was printed since the last one with this in it."""
        self.hear(pattern)
        found = re.search(rf"^(\d+)\. .*(?:{pattern})", self.text, re.M)
        if not found:
            raise Failed(f"no numbered {pattern!r} in\n{self.text}")
        return found.group(1)

    def end(self, how=None):
        """Returns its exit status."""
        if how:
            self.process.send_signal(how)
        elif self.process.stdin:
            self.process.stdin.close()
        else:
            os.write(self.input, b"\x04")
        status = self.process.wait(timeout=60)
        if self.process.stdin:
            self.process.stdout.close()
        else:
            os.close(self.master)
        return status


def shift(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    a = Person(folder, "4471").enroll(hub)
    b = Person(folder, "4480").enroll(hub)
    garage = a.add("project", title="Harbor Garage lot B", beat_ids="12X",
                   goal="Half as many")
    a.add("project", title="Sunset Motel", beat_ids="12X")
    a.add("action_item", text="Call the manager back", due_on="2020-01-02",
          source_id=garage)
    a("add", "meeting", "title=NCPC of July", "kind=community_meeting",
      "starts_at=2026-07-11 18:00", "beat_ids=12X")
    a("sync")
    b("sync")
    play(a, b, garage)
    one_go(a, b, garage)
    plumbing(a)
    hostile(folder, a, garage)
    beside(a, b, garage)
    dumb(a)
    narrow(a, garage)
    give_up(a)
    no_room(a, garage)
    hang_up(a)


def play(a, b, garage):
    """As a program drives it, line by line, choosing by what it reads."""
    s = Session(a.argv(("--plain",)))
    first = s.hear("quit|tells more")
    check("Today says what is due", re.search(
        r"DUE \(1\)\n1\. .*Call the manager back  OVER", first), first)
    s.say(s.number("Call the manager") + " mark-done")
    s.hear("done today\\? y or n")
    s.say("y")
    check("a promise is answered", "DUE: nothing promised" in
          s.hear("promised"), s.text)
    s.say("projects")
    s.say(s.number("Harbor Garage"))
    s.hear("Stage: Scanning")
    s.say("note")
    s.hear("Text, required:")
    for line in ("The work order was closed twice", "", "without a visit.",
                 "."):
        s.say(line)
    s.say("save")
    check("an update is added, and said to be unsent",
          "Update  The work order" in s.hear("Saved, not sent yet(.|\n)*Update"),
          s.text)
    b("set", garage, "goal=Half as many by 31 August")
    b("sync")
    s.say("sync-now")
    s.hear("Synced: sent 2")
    s.say("status")
    check("the sync says one line, the status what is left",
          "0 unsent" in s.hear("0 unsent"), s.text)
    s.say("history")
    check("the history names who changed the goal", re.search(
        r"Chen .*\n\d+[.] Goal  Half as many by 31 August",
        s.hear("August")), s.text)
    s.say("back")
    s.hear("Harbor Garage lot B. Project")
    conflict(s, a, b, garage)
    people(s)
    s.say("search closed")
    s.say(s.number("\\[closed\\] twice"))
    s.hear("Update")
    same("the end of the input ends it, with 0", s.end(), 0)
    b("sync")
    same("what was written is what the other officer gets",
         [u["text"] for u in b.json("list", "project_update")],
         ["The work order was closed twice\n\nwithout a visit."])
    same("with a new contact, and who attended",
         ([c["name"] for c in b.json("list", "contact")],
          [t["member_id"] for t in b.json("list", "attendance")]),
         (["Dana Whitcomb"], ["4480"]))


def conflict(s, a, b, garage):
    b("set", garage, "goal=A third")
    b("sync")
    s.say("edit")
    s.hear("of 26 ")
    s.say("again")
    s.say(":" + s.number("Goal: Half"))
    s.hear("Goal \\(was: ")
    s.say("None at all")
    s.say(".")
    s.say("save")
    s.hear("Saved, not sent yet")
    s.say("sync-now")
    s.hear("Synced: sent 1")
    s.say("conflicts")
    check("a conflict shows both values", all(
        word in s.hear("No open|CONFLICT 1 of 1(.|\n)*log")
        for word in ("yours", "None at all", "Chen", "A third")), s.text)
    s.say("1 theirs")
    s.hear("Settled Goal of .*not sent yet")
    s.say("sync-now")
    s.hear("Synced: sent 1")
    b("sync")
    same("it is settled for both", (a.field(garage, "goal"),
                                    b.field(garage, "goal")),
         ("A third", "A third"))
    s.say("go-today")
    s.hear("TODAY")


def people(s):
    """A new contact, a meeting's attendance; then both are sent."""
    s.say("new contact")
    s.hear("Name, required:")
    s.say("Dana Whitcomb")
    s.say(":save")
    s.hear(r"Saved, not sent yet(.|\n)*Dana Whitcomb\. Contact")
    s.say("search ncpc")
    s.say(s.number(r"\[NCPC\] of July"))
    s.hear(r"NCPC of July\. Meeting")
    s.say("new attendance")
    s.hear("Member:")
    s.say("chen")
    s.say(":save")
    check("who attended stands with the meeting",
          "Chen (not sent)" in s.hear(r"Attendance \(1\)(.|\n)*not sent\)"),
          s.text)
    s.say("sync-now")
    s.hear("Synced: sent [12]")
    s.say("go-today")
    s.hear("TODAY")


def one_go(a, b, garage):
    """A file of lines, written without looking."""
    out = plain(a, "new project", ":2", "Theft from cars", ":save", "back",
                "y", "resume", "save", "again")
    check("a form that lacks a value says so and asks it",
          "Beats" in out and "must be filled in" in out or "Saved" in out, out)
    out = plain(a, "new concern", "again")
    check("a form tells its fields", "NEW Concern" in out, out)
    out = plain(a, f"open {garage}", "stage-next", "y", "sync-now", "go-sync")
    check("a script's next line waits for the sync it began",
          "Synced: sent" in out and "\nUNSENT (0)" in out, out)
    b("sync")
    same("a stage is moved", b.field(garage, "stage"), "analysis")
    out = plain(a, "no-such-word", "999", "void", "quit")
    check("a wrong line gets a sentence, and the script goes on",
          all(text in out for text in (
              "'no-such-word' is no word here", "There is no 999 here",
              "void: not on this screen", "Leave Beatbook? y or n")), out)
    out = plain(a, "1", words=("--plain", "open", "project", "harbor"))
    check("open takes a list", "PROJECTS  (1). filter: harbor" in out and
          "Stage: Analysis" in out, out)


def plumbing(a):
    out = plain(a, "x" * 100000, "status")
    check("a line that is too long is refused, and the next is taken",
          "64 KiB" in out and "unsent" in out, out[-600:])
    status, out, _ = a.run("--plain", text="status")
    check("a last line without its end is a line",
          status == 0 and out.count("unsent") == 2, out)
    status, out, err = a.run("--plain", text=b"\xff\xfe\x00\x1b[2J\n?\n")
    check("bytes that are no text are told",
          status == 0 and "NUL" in out and "\x1b" not in out, out + err)
    status, out, err = a.run(text="status\n")
    check("without --plain a pipe gets the words it always got",
          status == 2 and out == "" and "the screens need a terminal" in err,
          err)
    status, out, err = a.run(text="status\n", env={"TERM": "dumb"})
    check("a dumb terminal's name is --plain on a pipe too",
          status == 0 and "TODAY" in out and "unsent" in out, out + err)


def hostile(folder, a, garage):
    """What a hub that is not ours might send: a terminal must not obey it."""
    evil = Person(folder, a.badge, "evil")
    db = sqlite3.connect(a.file)
    db.execute("VACUUM INTO ?", (evil.file,))
    db.close()
    db = sqlite3.connect(evil.file)
    with db:
        for table, field in (("project", "title"), ("member", "name")):
            db.execute(f"UPDATE {table} SET {field} = ? || {field}",
                       ("\x1b]0;owned\x07\x9b31m\u202e",))
    db.close()
    evil.set_url("http://127.0.0.1:9")
    out = plain(evil, "open " + garage, "edit", "again", "back", "stage-next",
                "n", "void", "no", "undo", "y", "go-today")
    check("names, questions and values are sent to no terminal as they are",
          not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out) and
          out.count("^[]0;owned") > 5, out)


def beside(a, b, garage):
    """The sync that each start begins is told when it brought something, and
    what is read then is new; numbers that were read stay what they were."""
    b("set", garage, "title=Harbor Garage lot C")
    b("sync")
    s = Session(a.argv(("--plain", "open", "project")))
    first = s.hear("Harbor Garage lot B(.|\n)*Synced: sent 0.*\n")
    check("a sync beside says one line", first.count("Synced") == 1 and
          "lot C" not in first, first)
    s.say("status")
    check("what it brought is read with the next answer",
          "Harbor Garage lot C" in s.hear("lot C"), s.text)
    same("and the script ends well", s.end(), 0)


def narrow(a, garage):
    s = Session(a.argv(("--plain",)), terminal=40)
    s.hear("> $")
    s.say(f"open {garage}")
    s.hear("more\n(.|\n)*> $")
    check("lines are broken between words, at the terminal's width",
          all(len(line) < 40 for line in s.text.split("\n")), s.text)
    same("and it ends", s.end(), 0)
    long = max(plain(a, f"open {garage}").split("\n"), key=len)
    check("on a pipe they are not", len(long) > 80, long)


def give_up(a):
    s = Session(a.argv(("--plain",)), terminal=80)
    s.hear("> $")
    s.say("quit")
    s.hear("y or n $")
    s.process.send_signal(signal.SIGINT)
    s.hear("> $")
    s.say("projects")
    check("Ctrl-C gives up a question, no more", "PROJECTS" in
          s.hear("PROJECTS(.|\n)*> $"), s.text)
    same("and Ctrl-D ends it", s.end(), 0)


def no_room(a, garage):
    """A file that may not grow: no draft can be kept, and that is said."""
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (40000, 40000))
    done = subprocess.run(
        a.argv(("--plain",)), env=ENV, preexec_fn=small, check=False,
        input=f"open {garage}\nnote\n{'x' * 60000}\n".encode(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    err = done.stderr.decode()
    check("the end of a script tells of a draft that could not be kept",
          done.returncode == 74 and "what was typed is lost: " in err and
          err.count("\n") == 1, (done.returncode, err))


def dumb(a):
    """TERM=dumb, with nothing asked for."""
    s = Session(a.argv(()), {"TERM": "dumb"}, terminal=80)
    s.hear("tells\\s+more.*\n> $")
    s.say("projects")
    s.hear("PROJECTS(.|\n)*\n> $")
    s.say("1 note")
    s.hear("Text, required: $")
    check("a dumb terminal gets letters and line ends alone",
          not re.search(r"[^\n\x20-\x7e]", s.text), s.text)
    s.say("Half a sentence")
    s.hear("> $")
    same("Ctrl-D ends it", s.end(), 0)
    check("what was typed is a draft", "Half a sentence" in plain(
        a, "resume", "?", ":draft-drop", "y"))


def hang_up(a):
    for how in (signal.SIGHUP, signal.SIGTERM):
        s = Session(a.argv(("--plain",)), terminal=80)
        s.hear("> $")
        s.say("projects")
        s.hear("PROJECTS(.|\n)*> $")
        s.say("1 note")
        s.hear("required: $")
        s.say(f"Cut off by {how.name}")
        s.hear("> $")
        same(f"{how.name} ends it", s.end(how), 0)
        check(f"{how.name} keeps the draft", f"Cut off by {how.name}" in plain(
            a, "resume", "?", ":draft-drop", "y"))
    s = Session(a.argv(("--plain",)), terminal=80)
    s.hear("> $")
    s.say("projects")
    s.say("1 note")
    s.hear("required: $")
    s.say("Pulled the plug")
    s.hear("> $")
    os.close(s.master)
    s.process.wait(timeout=60)
    check("a terminal that is gone keeps it too", "Pulled the plug" in plain(
        a, "resume", "?", ":draft-drop", "y"))


if __name__ == "__main__":
    main(shift)

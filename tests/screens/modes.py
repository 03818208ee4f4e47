"""Every way the screens can be started and shown, in tmux."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))
from lib import CLIENT, ENV, Person, check, city, main  # noqa: E402
from shift import Screen  # noqa: E402

SSH = {"SSH_CONNECTION": "10.0.0.9 50000 10.0.0.1 22"}


class Story:
    def __init__(self, folder, person):
        self.folder = folder
        self.person = person
        self.count = 0

    def screen(self, *options, argv=None, **kwargs):
        """A screen in a folder of its own: a socket is named by it."""
        self.count += 1
        folder = os.path.join(self.folder, f"s{self.count}")
        os.makedirs(folder)
        env = {"HOME": folder, "XDG_CONFIG_HOME": folder,
               "XDG_DATA_HOME": folder,
               **kwargs.pop("env", {})}
        return Screen(folder,
                      argv or [CLIENT, "-r", self.person.file, *options],
                      env=env, **kwargs)

    def see(self, name, pattern, *options, keys=(), lacks=None, **kwargs):
        screen = self.screen(*options, **kwargs)
        try:
            screen.wait("F1 (help|HELP)|Needs")
            screen.keys(*keys)
            shown = screen.wait(pattern, name)
            if lacks:
                check(f"{name}: no {lacks}", lacks not in shown, shown)
        finally:
            screen.end()


def looks(story):
    story.see("80x24 in colour", r"OFFLINE|ONLINE|SYNC", lacks="MONO")
    story.see("NO_COLOR", r"\| MONO", env={"NO_COLOR": "1"})
    story.see("--contrast", r"\| CONTRAST", "--contrast")
    story.see("a vt220 is mono and ASCII", r"\| MONO ASCII", term="vt220")
    story.see("--big: a digit chooses, Enter opens", r"Project, .*\n[^\n]*\[",
              "--big", "open", "project", keys=("2", "Enter"))
    story.see("--big: hints on two rows", r"\[Enter OPEN\].*\n.*\[F1 HELP\]",
              "--big")
    story.see("40x10 keeps the palette and the help",
              "F9 commands  F1 help", size=(40, 10))
    story.see("39x9 says what it needs", "Needs 40x10", size=(39, 9))
    story.see("132x43 has the columns that 80 leaves out", "Touched",
              "open", "project", size=(132, 43))


def pause(story):
    story.see("a pause says how long the text is, and that it is kept",
              r"draft kept(?s:.*)line 1 of 1, 2 words", "open", "project",
              keys=("F4", "Two", "Space", "words"))


def restricted(story):
    story.see("over SSH there is no shell", "there is no shell here",
              keys=("C-z",), env=SSH)
    login = ["bash", "-c", f"exec -a -beatbook '{CLIENT}'"]
    story.see("a login shell is restricted", "there is no shell here",
              argv=login, keys=("C-z",),
              env={"BEATBOOK_REPLICA": story.person.file})
    done = subprocess.run(
        [CLIENT, "-c", "cat /etc/passwd"], env=ENV, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    check("a command for a login shell is none of ours",
          done.returncode == 2 and b"root:" not in done.stdout,
          done.stdout.decode())


def refused(story):
    """Options that are wrong, before a screen is there."""
    for options, word in ((["--select", "all"], b"mark, id or row"),
                          (["--lock", "soon"], b"minutes"),
                          (["--lock", "-1"], b"minutes"),
                          (["--lock", "9999"], b"minutes")):
        done = subprocess.run(
            [CLIENT, "-r", story.person.file, *options], env=ENV,
            check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        check(" ".join(options) + " is refused",
              done.returncode == 2 and word in done.stdout,
              done.stdout.decode())


def own_theme(story):
    folder = os.path.join(story.folder, "config")
    os.makedirs(os.path.join(folder, "beatbook"))
    with open(os.path.join(folder, "beatbook", "theme.conf"), "w",
              encoding="utf-8") as f:
        f.write("ink head green\nink hedd red\nink title pink\n")
    story.see("a wrong line of theme.conf is named",
              r"theme\.conf:2: unknown ink 'hedd'(.*\n)*.*2 in all",
              env={"XDG_CONFIG_HOME": folder})
    done = subprocess.run(
        [CLIENT, "-r", story.person.file, "keys"], check=False,
        env=dict(ENV, XDG_CONFIG_HOME=folder), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    check("beatbook keys lists all of them",
          b":2: " in done.stderr and b":3: unknown colour" in done.stderr,
          done.stderr.decode())


def in_a_shell(story):
    """Job control, as a person at a shell has it."""
    screen = story.screen(argv=["bash", "--norc", "--noprofile", "-i"],
                          env={"PS1": "here> "})
    try:
        screen.wait("here>")
        screen.type(f"'{CLIENT}' -r '{story.person.file}'")
        screen.keys("Enter")
        screen.wait("F1 help")
        screen.keys("C-z")
        screen.wait("Stopped(.*\n)+here>", "Ctrl-Z goes back to the shell")
        screen.type("clear; fg")
        screen.keys("Enter")
        screen.wait("F1 help", "fg goes on")
        screen.keys("C-x", "l")
        screen.wait("LOCKED")
        screen.keys("Q")
        shown = screen.wait("TODAY", "a key unlocks")
        check("and does nothing else", "Leave" not in shown, shown)
        screen.keys("Q", "y")
        screen.wait(r"here> *\n*$")
        screen.type("stty -a | grep -ow -e -*echo; echo e''nd")
        screen.keys("Enter")
        screen.wait(r"\necho\nend", "the shell has its echo again")
    finally:
        screen.end()


def modes(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    a = Person(folder, "4471").enroll(hub)
    a.add("project", title="Harbor Garage lot B", beat_ids="12X")
    a.add("project", title="Sunset Motel", beat_ids="12X")
    story = Story(folder, a)
    looks(story)
    pause(story)
    restricted(story)
    refused(story)
    own_theme(story)
    in_a_shell(story)


if __name__ == "__main__":
    main(modes)

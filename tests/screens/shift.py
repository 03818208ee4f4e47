"""A shift by keyboard alone, in tmux at 80x24, as an officer would do it."""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))
from lib import CLIENT, ENV, Failed, Person, check, city, main  # noqa: E402

LIMIT_S = 20  # a screen that has not come by then will not come


class Screen:
    """A program in a tmux of its own; its text is all that is looked at."""

    def __init__(self, folder, argv, term="xterm-256color", size=(80, 24),
                 env=None):
        self.socket = os.path.join(folder, f"tmux-{term}-{len(argv)}")
        words = [f"{k}={v}" for k, v in (env or {}).items()]
        self.tmux("-f", "/dev/null", "new-session", "-d",
                  "-x", str(size[0]), "-y", str(size[1]),
                  "env", f"TERM={term}", "LC_ALL=C.UTF-8", *words, *argv,
                  ";", "set-option", "-g", "remain-on-exit", "on")

    def tmux(self, *args):
        done = subprocess.run(["tmux", "-S", self.socket, *args], env=ENV,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        return done.stdout.decode()

    def text(self):
        return self.tmux("capture-pane", "-p")

    def keys(self, *keys):
        for key in keys:
            self.tmux("send-keys", key)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def wait(self, pattern, name=None):
        """Until the screen shows it. Returns the screen."""
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            shown = self.text()
            if re.search(pattern, shown):
                if name:
                    check(name, True)
                return shown
            time.sleep(0.02)  # between two looks: a screen sends no event
        if name:
            check(name, False, self.text())
            return self.text()
        raise Failed(f"no {pattern!r} on\n{self.text()}")

    def end(self):
        self.tmux("kill-server")


def shift(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    a = Person(folder, "4471").enroll(hub)
    b = Person(folder, "4480").enroll(hub)
    garage = a.add("project", title="Harbor Garage lot B", beat_ids="12X")
    a.add("project", title="Sunset Motel", beat_ids="12X")
    a("sync")
    b("sync")
    config = os.path.join(folder, "config")
    os.makedirs(os.path.join(config, "beatbook"))
    screen = Screen(folder, [CLIENT, "-r", a.file],
                    env={"XDG_CONFIG_HOME": config})
    try:
        play(screen, b, garage, os.path.join(config, "beatbook",
                                             "keymap.conf"))
    finally:
        screen.end()
    check("what was typed is what the other officer gets",
          "closed twice without a visit" in b("sync") + b("show", garage))


def play(screen, b, garage, keymap):
    screen.wait("TODAY", "the first screen is Today")
    screen.keys("g", "p")
    screen.wait("PROJECTS")
    screen.keys("/")
    screen.type("harbor")
    screen.keys("Enter")
    shown = screen.wait("filter:.*harbor")
    check("/ finds the project", "Harbor Garage" in shown and
          "Sunset Motel" not in shown, shown)
    screen.keys("Enter")
    screen.wait("Harbor Garage lot B .*\n.*Scanning",
                "Enter opens it with its SARA line")
    screen.keys("F4")
    screen.wait("(?i)update", "F4 opens a form for a new update")
    screen.type("The work order was closed twice without a visit.")
    screen.keys("F2")
    screen.wait("(?i)saved, not sent", "F2 saves it, and says it is not sent")
    b("set", garage, "goal=Half as many by 31 August")
    b("sync")
    screen.keys("F7")
    screen.wait("Half as many by 31 August",
                "the other officer's change arrives by itself after F7")
    screen.wait(r"0 unsent", "the status row says that nothing is unsent")
    screen.keys("h")
    screen.wait("(?i)history", "h shows the record's history")
    screen.wait("Chen.*\n?.*[Gg]oal", "the history names who changed the goal")
    screen.keys("F1")
    before = screen.wait("HELP")
    screen.keys("Escape", "Escape")
    with open(keymap, "w", encoding="utf-8") as f:
        f.write("bind all <F6> history\nbind all ! go-today\n"
                "bind nowhere x go-today\n")
    check("help before the rebinding knows nothing of it",
          not re.search(r"^ *> *! ", before, re.M))
    screen.keys("Escape", "Escape", "q")
    screen.tmux("respawn-pane", "-k")
    screen.wait("TODAY")
    screen.wait("keymap.conf.*3", "a bad line is named by file and line")
    screen.keys("F1")
    screen.wait("HELP")
    screen.type("today")
    screen.wait(r"!.* go-today", "help shows the key as it is bound now")


if __name__ == "__main__":
    main(shift)

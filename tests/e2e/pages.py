"""Manual pages, completion and installation agree with the programs."""
import os
import re
import shutil

from lib import BUILD, CLIENT, HUB, Person, check, city, main, run, same

PAGES = ("tui/beatbook.1", "tui/keymap.conf.5", "sync/beatbook-hub.8")


def commands_of(program):
    _, out, _ = run([program, "--help"])
    return re.findall(r"^  ([a-z]+(?: [a-z]+)?) {2,}", out, re.M)


def pages():
    if not shutil.which("man"):
        print("ok - manual pages # SKIP no man here")
    else:
        for page in PAGES:
            _, _, err = run(["man", "--warnings=w", "-l", "-Tutf8", "-Z",
                             page])
            same(f"{page} is clean", err, "")
    for program, page in ((CLIENT, PAGES[0]), (HUB, PAGES[2])):
        text = open(page, encoding="utf-8").read()
        missing = [c for c in commands_of(program)
                   if f".It Cm {c}" not in text]
        same(f"{page} has every command", missing, [])
    text = open(PAGES[1], encoding="utf-8").read()
    _, keys, _ = run([CLIENT, "keys"], env={"XDG_CONFIG_HOME": "/nonexistent"})
    _, made, err = run(["sh", "tui/actions.sh", PAGES[1]], text=keys)
    check("keymap.conf.5 has the actions as they are: `make pages` mends it",
          made == text and not err, err or "the table differs")
    source = open("tui/action.h", encoding="utf-8").read()
    actions = re.findall(r'^\tX\([A-Z_]+, "([a-z-]+)", IN', source, re.M)
    same("and every one of them",
         [a for a in actions if f".It {a}\n" not in text] or
         len(actions) < 20, False)


def complete(folder, line, env):
    """What bash would offer at the end of a line."""
    script = f"""
source tui/beatbook.bash-completion
compopt() {{ :; }}
COMP_LINE=$1 COMP_POINT=${{#1}}
_{"beatbook_hub" if line.startswith("beatbook-hub") else "beatbook"}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    _, out, _ = run(["bash", "-c", script, "bash", line], env=env)
    return out.split()


def completion(folder, me):
    env = {"PATH": f"{BUILD}:{os.environ['PATH']}",
           "BEATBOOK_REPLICA": me.file}
    offered = complete(folder, "beatbook ", env)
    same("completion has every command", sorted(offered),
         sorted(commands_of(CLIENT)))
    check("completes kinds", "project" in complete(
        folder, "beatbook list pro", env))
    check("completes fields", "stage=" in complete(
        folder, "beatbook add project sta", env))
    check("completes values", [w for w in complete(
        folder, "beatbook add project stage=sc", env)
        if w.endswith("scanning")])
    check("completes values that fill several lines", [
        w for w in complete(folder, "beatbook add contact leader_role=oth",
                            env) if w.endswith("other")])
    check("completes records", complete(
        folder, "beatbook show beat/1", env) == ["beat/12X", "beat/12Y",
                                                 "beat/14X"])
    firsts = sorted({c.split()[0] for c in commands_of(HUB)})
    same("completion has every hub command", sorted(complete(
        folder, "beatbook-hub ", env)), firsts)
    check("completes hub's second words", complete(
        folder, "beatbook-hub member o", env) == ["off"])


def installed(folder):
    make = shutil.which("make")
    if not make:
        print("ok - install # SKIP no make here")
        return
    status, _, err = run(["make", "-s", "-o", "all", "install", f"BUILD={BUILD}",
                          f"DESTDIR={folder}/root", "PREFIX=/usr"])
    there = [os.path.exists(f"{folder}/root/usr/{f}") for f in (
        "bin/beatbook", "bin/beatbook-hub", "share/man/man1/beatbook.1",
        "share/man/man5/keymap.conf.5", "share/man/man8/beatbook-hub.8",
        "share/bash-completion/completions/beatbook",
        "share/bash-completion/completions/beatbook-hub",
        "share/beatbook/keymaps/vi.conf",
        "share/beatbook/keymaps/mutt.conf")]
    check("make install", status == 0 and all(there), (err, there))
    if status == 0:
        _, out, _ = run([f"{folder}/root/usr/bin/beatbook", "--version"])
        check("and it runs", out.startswith("beatbook "), out)


def story(folder, hubs):
    pages()
    hub = city(folder)
    hubs.append(hub)
    completion(folder, Person(folder, "4471").enroll(hub))
    installed(folder)


if __name__ == "__main__":
    main(story)

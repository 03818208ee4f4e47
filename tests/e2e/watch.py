"""sync --watch: one sync after another, until it is told to end."""
import json
import signal
import subprocess

from lib import ENV, Person, check, city, main, same


def start(me, *options):
    return subprocess.Popen(
        me.argv(("sync", "--watch", *options)), env=ENV,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def next_sync(process):
    return json.loads(process.stdout.readline())


def story(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    me = Person(folder, "4471").enroll(hub)
    me.add("project", title="Before", beat_ids="12X")
    process = start(me, "--json")
    first = next_sync(process)
    same("at once", (first["sent"], first["unsent"]), (1, 0))
    check("and again in five minutes", 100 < first["next_s"] <= 300, first)
    me.add("project", title="Meanwhile", beat_ids="12X")
    second = next_sync(process)
    same("soon after another process saved",
         (second["sent"], second["confirmed"], second["unsent"]), (1, 1, 0))
    hub.stop()
    me.add("project", title="Nobody there", beat_ids="12X")
    third = next_sync(process)
    check("a hub that is away is tried again soon", third["unsent"] == 1 and
          "not reached" in third["error"] and 0 < third["next_s"] <= 5, third)
    hub.start()
    line = next_sync(process)
    while "error" in line:
        line = next_sync(process)
    same("until it is there again", line["unsent"], 0)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    same("SIGTERM ends it", (process.returncode, out, err), (0, b"", b""))
    process = start(me)
    line = process.stdout.readline().decode()
    check("a line for people", "sent 0, confirmed 0" in line and
          "unsent 0, conflicts 0\n" in line, line)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    same("SIGINT too", process.returncode, 0)


if __name__ == "__main__":
    main(story)

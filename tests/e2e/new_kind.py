"""Adding a kind and a field is a change of the profile alone: it is then
listed, edited, searched, synced and audited like any other."""
import json
import os

from lib import Hub, Person, check, main, same, square

PROFILE = {
    "name": "invented", "title": "Invented Police Department",
    "kinds": [
        {"name": "camera", "one": "Camera", "many": "Cameras",
         "title": "name", "writers": "book", "books": ["beat_id"],
         "columns": ["name", "mount"], "sort": "name",
         "fields": [
             {"name": "name", "type": "text", "label": "Name",
              "required": True},
             {"name": "beat_id", "type": "ref", "ref": "beat",
              "label": "Beat", "required": True},
             {"name": "mount", "type": "enum", "values": "mount",
              "label": "Mount"},
             {"name": "notes", "type": "long", "label": "Notes"}]},
        {"name": "project", "fields": [
            {"name": "camera_ids", "type": "refs", "ref": "camera",
             "label": "Cameras"}]}],
    "enums": {"mount": ["pole", "wall", "roof"]},
}


def story(folder, hubs):
    profile = os.path.join(folder, "profile.json")
    beats = os.path.join(folder, "beats.geojson")
    with open(profile, "w", encoding="utf-8") as f:
        json.dump(PROFILE, f)
    with open(beats, "w", encoding="utf-8") as f:
        json.dump({"type": "FeatureCollection",
                   "features": [square("12X", -122.28, 37.80)]}, f)
    hub = Hub(folder)
    hub("init", "--profile", profile, "--timezone", "UTC")
    hub("import", "beats", beats, "--code", "beat")
    hub("unit", "add", "A1", "--name", "Area 1", "--beats", "12X")
    for badge in ("1", "2"):
        hub("member", "add", badge, "--name", badge, "--access", "officer",
            "--unit", "A1", "--beats", "12X")
    hubs.append(hub.start())
    a, b = (Person(folder, badge).enroll(hub) for badge in ("1", "2"))

    check("the new kind is in the catalogue", "camera" in a("kinds"))
    camera = a.add("camera", name="Pole 4", beat_id="12X", mount="pole")
    project = a.add("project", title="Dark corner", beat_ids="12X",
                    camera_ids=camera.split("/")[1])
    a("sync")
    b("sync")
    same("it is synced", b.field(camera, "name"), "Pole 4")
    same("a field added to a known kind is synced",
         b.field(project, "camera_ids"), [camera.split("/")[1]])
    same("it is listed by its fields",
         [r["record"] for r in b.json("list", "camera", "mount:pole")],
         [camera])
    b("set", camera, "mount=roof", "notes=Moved up after the storm")
    check("it is found by its text", camera in b("find", "storm"))
    b.fails("its values are checked", 65, "pole", "set", camera, "mount=tree")
    b("sync")
    a("sync")
    same("an edit of it comes back", a.field(camera, "mount"), "roof")
    same("its history has both writers",
         [e["by"] for e in a.json("log", camera)], ["2", "1"])
    a("verify")
    b("verify")
    hub("audit", "verify")
    check("replicas and log are sound", True)


if __name__ == "__main__":
    main(story)

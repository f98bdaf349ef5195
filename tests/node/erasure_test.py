#!/usr/bin/env python3
"""The real programs: a prison has a volunteer and a handover erased; a partner is away meanwhile, comes back, and puts
an old copy of its store back. Made-up people.

usage: erasure_test.py THROUGHGATE-HUB THROUGHGATE-NODE SEARCH-STORE CODES-FOLDER"""
import json
import pathlib
import shutil
import sys
import tempfile

from real_programs import COMPLETE, Hub, bring_up, exchange, grounded, run

SEARCH = sys.argv[3]
VOLUNTEER, PERSON = "Rosemary Planted-Volunteer", "Wormwood Planted-Person"


def found(site, *words):
    """Which of the words stand in any page of its store, looked at in a copy."""
    key_file = site.data.with_suffix(".key")
    if not key_file.exists():
        site.run("key-file", str(key_file))
    with tempfile.TemporaryDirectory() as copy:
        for part in site.data.glob("store.db*"):
            shutil.copy(part, copy)
        searched = json.loads(run(SEARCH, f"{copy}/store.db", "node", str(site.data), str(key_file), *words))
    return [word for word, pages in searched["found"].items() if pages]


def record_both(prison):
    volunteer = prison.json("record", "new", "volunteer", "given-name=Rosemary", f"family-name={VOLUNTEER}")["record"]
    prison.run("record", "new", "volunteer-file", f"volunteer={volunteer}")
    handover = prison.json("handover", "new", f"family-name={PERSON}")["record"]
    prison.run("record", "set", handover, *(field for field in COMPLETE if not field.startswith("family-name")))
    prison.run("record", "new", "need", "--in", handover, "pathway=Accommodation", "need=somewhere to live")
    return volunteer, handover


def erased(desk, prison, record):
    """Asked for, seen by the desk with what goes, and signed."""
    said = prison.run("erase", "request", record, "--reason", "they asked")
    assert "Nothing has been asked for yet" in said, said
    prison.run("erase", "request", record, "--reason", "they asked", "--confirm")
    exchange(prison, desk)
    asked, = desk.json("desk", "erasures")
    assert asked["standing"] == "Asked for" and asked["against_it"] == "", asked
    assert "Nothing has been erased yet" in desk.run("desk", "erase", asked["request"])
    desk.run("desk", "erase", asked["request"], "--confirm")
    exchange(desk, prison, desk)


def owing(desk):
    return {row["who"]: row["records_owed"] for row in desk.json("desk", "erasures", "--outstanding")}


def main(folder):
    hub = Hub(folder)
    try:
        desk, prison, partner = bring_up(folder, hub)
        volunteer, handover = record_both(prison)
        prison.run("hold", "set", volunteer, "--reason", "an inquest")
        said = prison.run("erase", "request", volunteer, "--reason", "they asked", "--confirm", expect=1)
        assert "A legal hold keeps this record" in said, said
        hold, = prison.json("hold", "list")
        prison.run("hold", "lift", hold["hold"], "--reason", "it is over")
        grounded(prison, handover)
        prison.run("handover", "share", handover, "--with", "Made-Up Partner")
        exchange(prison, desk, partner, prison)
        assert found(partner, PERSON) == [PERSON.lower()]
        assert set(found(desk, PERSON, VOLUNTEER)) == {PERSON.lower(), VOLUNTEER.lower()}
        old = folder / "old"
        shutil.copytree(partner.data, old)

        erased(desk, prison, volunteer)
        erased(desk, prison, handover)
        assert found(prison, PERSON, VOLUNTEER) == [] and found(desk, PERSON, VOLUNTEER) == []
        assert found(partner, PERSON) == [PERSON.lower()]  # away meanwhile
        assert owing(desk) == {"Made-Up Partner, Reception PC": 3}, owing(desk)

        exchange(partner)
        assert found(partner, PERSON) == []
        exchange(desk)
        assert owing(desk) == {}, owing(desk)
        assert {row["standing"] for row in prison.json("erase", "list", "--all")} == {"Erased"}

        shutil.rmtree(partner.data)
        shutil.copytree(old, partner.data)
        assert found(partner, PERSON) == [PERSON.lower()]
        exchange(partner)
        for site in partner, prison, desk:
            exchange(site)
            assert found(site, PERSON, VOLUNTEER) == [], site.data
        assert partner.json("handover", "list") == []
        searched = json.loads(run(SEARCH, str(hub.store), "hub", hub.key_file, PERSON, VOLUNTEER))
        assert not any(searched["found"].values()), searched
    finally:
        hub.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(pathlib.Path(made))
    print("erased everywhere, and nothing came back")

#!/usr/bin/env python3
"""The real programs: a prison has a volunteer and a handover erased, and what was kept long enough; a partner that no network
reaches hears of it and says so by files, and puts an old copy of its store back; the prison puts back a backup from before.
Made-up people.

usage: erasure_test.py THROUGHGATE-HUB THROUGHGATE-NODE SEARCH-STORE CODES-FOLDER"""
import json
import pathlib
import shutil
import sys
import tempfile

from real_programs import CODES, COMPLETE, HUB, NODE, Hub, bring_up, exchange, grounded, run

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


def one_value_removed(prison, handover):
    """Once confirmed, by command: shown as removed, also in the history; what keeps people safe is not removed."""
    prison.run("record", "set", handover, "known-as=Sorrel Planted-Slip")
    redact = ["record", "redact", handover, "known-as", "--reason", "another person's name"]
    assert "Sync first" in prison.run(*redact, expect=1)
    exchange(prison)
    assert "here and for everybody" in prison.run(*redact)
    exchange(prison)
    assert "removed already" in prison.run(*redact, expect=1)
    assert "no such change" in prison.run(*redact, "--change", "9", expect=1)
    said = prison.run("record", "redact", handover, "risk-to-staff", "--reason", "x", expect=1)
    assert "corrected by a new value, not removed" in said, said
    shown = prison.json("record", "show", handover)
    assert not shown["known_as"] and "removed" in shown["field_notes"]["known_as"], shown
    history = prison.json("record", "history", handover, "--field", "known-as")
    assert [row["value"] for row in history] == ["removed"], history


def kept_long_enough(desk, prison):
    """Listed with its rule, for somebody who may not read it; nothing else is confirmed, nor while a hold is in force."""
    prison.run("staff", "roles", "jo", "--add", "security")
    other = prison.json("record", "new", "volunteer", "family-name=Stays")["record"]
    prison.run("record", "new", "vetting-notes", f"volunteer={other}", "decided-on=2020-01-31")
    prison.run("staff", "roles", "jo", "--remove", "security")
    due, = prison.json("retention", "review")
    assert (due["rule"], due["kept_until"], due["standing"]) == ("Vetting notes", "2020-07-31", "to be confirmed"), due
    assert "not due by any rule" in prison.run("retention", "confirm", other, "--reason", "x", expect=1)
    prison.run("hold", "set", other, "--reason", "a complaint")
    held, = prison.json("retention", "review")
    assert "a complaint" in held["standing"], held
    prison.run("staff", "roles", "jo", "--add", "security")
    confirm = ["retention", "confirm", due["record"], "--reason", "the time is over"]
    assert "A legal hold keeps this record" in prison.run(*confirm, expect=1)
    hold, = prison.json("hold", "list")
    prison.run("hold", "lift", hold["hold"], "--reason", "it is over")
    prison.run(*confirm)
    exchange(prison, desk, prison, desk)  # the desk signs it at once, as its own rules say the same
    prison.run("record", "show", due["record"], expect=1)


def restored(prison, backup, place):
    """What a backup from before an erasure gives back: closed until it has heard the list, then without what was erased."""
    shutil.copy(prison.data.with_suffix(".key"), place.with_suffix(".key"))  # a closed store makes none
    prison.data = place
    run(NODE, "--data", place, "--as", "jo", "--password-file", prison.password, "--codes", CODES, "restore", backup)
    assert set(found(prison, PERSON, VOLUNTEER)) == {PERSON.lower(), VOLUNTEER.lower()}
    for shown in ["handover", "list"], ["search", "Planted"], ["record", "list", "volunteer"]:
        assert "closed" in prison.run(*shown, expect=1)
    exchange(prison)
    assert prison.json("handover", "list") == []
    assert found(prison, PERSON, VOLUNTEER) == []


def heard_by_file(desk, partner, hub, folder):
    """A computer that no network reaches: it hears of the erasure, and says that nothing is left, by files alone."""
    stick, back = folder / "stick", folder / "back"
    for place in stick, back:
        place.mkdir()
    run(HUB, "--settings", hub.settings, "bundle", "export", "--to", "Made-Up Partner", stick)
    partner.run("bundle", "import", *map(str, stick.iterdir()))
    assert found(partner, PERSON) == []
    assert owing(desk), "it has not said so yet"
    partner.run("bundle", "export", "--to", "Central Made-Up Team", str(back))
    desk.run("bundle", "import", *map(str, back.iterdir()))
    assert owing(desk) == {}, owing(desk)


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
        kept_long_enough(desk, prison)
        grounded(prison, handover)
        prison.run("handover", "share", handover, "--with", "Made-Up Partner")
        exchange(prison, desk, partner, prison)
        one_value_removed(prison, handover)
        assert found(partner, PERSON) == [PERSON.lower()]
        assert set(found(desk, PERSON, VOLUNTEER)) == {PERSON.lower(), VOLUNTEER.lower()}
        old = folder / "old"
        shutil.copytree(partner.data, old)
        assert found(prison, PERSON) == [PERSON.lower()]  # with a key file, which the backup then holds a slot of
        backup = str(folder / "prison.backup")
        prison.run("backup", backup)

        erased(desk, prison, volunteer)
        erased(desk, prison, handover)
        assert found(prison, PERSON, VOLUNTEER) == [] and found(desk, PERSON, VOLUNTEER) == []
        assert found(partner, PERSON) == [PERSON.lower()]  # away meanwhile
        assert owing(desk) == {"Made-Up Partner, Reception PC": 3}, owing(desk)

        heard_by_file(desk, partner, hub, folder)
        assert {row["standing"] for row in prison.json("erase", "list", "--all")} == {"Erased"}

        shutil.rmtree(partner.data)
        shutil.copytree(old, partner.data)
        assert found(partner, PERSON) == [PERSON.lower()]
        exchange(partner)
        for site in partner, prison, desk:
            exchange(site)
            assert found(site, PERSON, VOLUNTEER) == [], site.data
        assert partner.json("handover", "list") == []
        restored(prison, backup, folder / "put-back")
        searched = json.loads(run(SEARCH, str(hub.store), "hub", hub.key_file, PERSON, VOLUNTEER))
        assert not any(searched["found"].values()), searched
    finally:
        hub.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(pathlib.Path(made))
    print("erased everywhere, and nothing came back")

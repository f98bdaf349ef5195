#!/usr/bin/env python3
"""The real program with its clock moved (libfaketime): long out of contact it warns, then closes what is shared to reading
while recording goes on; the central team's words open it, and a bundle does; a clock that is wrong by years does nothing.
Made-up people.

usage: contact_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import contextlib
import os
import pathlib
import sys
import tempfile

from bundle_test import carry, shared_by_stick, take
from by_file_test import let_in
from real_programs import Hub, Refused, Site, refused_for

LIBRARY = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


@contextlib.contextmanager
def clock(shift):
    """As if the computer's clock were moved by so much; what runs meanwhile is not told."""
    moved = {"LD_PRELOAD": str(LIBRARY), "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    os.environ.update(moved)
    try:
        yield
    finally:
        for name in moved:
            del os.environ[name]


def status(site):
    return site.json("status")


def days_of(site):
    return status(site)["days_since_others_were_heard_of"]


def wrong_by_years(prison):
    for shift in "+20y", "-40y", "+73y":
        with clock(shift):
            assert days_of(prison) == 0 and not status(prison)["shared_records_closed_to_reading"], shift
    with clock("+20y"):
        assert "jumped by more than a year" in prison.run("status")
    with clock("-40y"):
        assert "behind: others have told of a later time" in prison.run("status")
    assert days_of(prison) == 0


def closing(case, partner):
    with clock("+70d"):
        assert days_of(partner) == 70 and "closes to reading" in partner.run("status")
        assert partner.json("handover", "show", case)["stage"] == "Shared"
    with clock("+125d"):
        assert status(partner)["shared_records_closed_to_reading"]
        refused_for(partner, "closed to reading", "handover", "show", case)
        refused_for(partner, "closed to reading", "record", "history", case)
        row, = partner.json("handover", "list")
        assert (row["family_name"], row["stage"], row["release_date"]) == ("Invented", "Closed to reading", ""), row
        assert partner.json("search", "invented") == []
        volunteer = partner.json("record", "new", "volunteer", "given-name=Cy", "family-name=Pretended")["record"]
        assert partner.json("record", "show", volunteer)["family_name"] == "Pretended"
        partner.run("handover", "accept", case, "--contact", "Kim, 07700 900111")
    for shift in "+20y", "-40y":
        with clock(shift):
            refused_for(partner, "closed to reading", "handover", "show", case)


def opened_by_words(case, desk, prison, partner):
    with clock("+126d"):
        number = status(partner)["number_for_the_central_team"]
        refused_for(desk, "at most 60", "desk", "unlock", "Made-Up Partner", "--number", number, "--days", "61")
        words = desk.json("desk", "unlock", "Made-Up Partner", "--number", number, "--days", "7")["words"].split()
        refused_for(prison, "not the words for this computer", "unlock", *words)
        refused_for(partner, "Type all eight words", "unlock", *words[:7])
        assert partner.json("unlock", *words)["open_for_days"] == 7
        assert partner.json("handover", "show", case)["stage"] == "Accepted"
        refused_for(partner, "not the words for this computer", "unlock", *words)
    with clock("+134d"):
        refused_for(partner, "closed to reading", "handover", "show", case)
        for _ in range(5):
            partner.run("unlock", *words, expect=1)
        refused_for(partner, "Wait an hour", "unlock", *words)


def opened_by_bundle(case, prison, partner, stick):
    with clock("+135d"):
        prison.json("record", "new", "need", "pathway=Somewhere to live", "--in", case)  # closed there too
        take(partner, carry(prison, "Made-Up Partner", stick))
        assert days_of(partner) == 0
        assert partner.json("handover", "show", case)["stage"] == "Accepted"


def main():
    if not LIBRARY:
        raise Refused("tools/setup --tests installs libfaketime")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        stick = folder / "stick"
        stick.mkdir()
        hub = Hub(folder)  # has a key, and is never served
        desk = Site(folder, "Central Made-Up Team", "central")
        desk.json("desk", "init", "--name", "Central Made-Up Team", "--hub-file", hub.printed)
        prison = Site(folder, "HMP Made Up", "prison", "--establishment", "LEI")
        partner = Site(folder, "Made-Up Partner", "partner")
        _, first, _ = let_in(desk, prison, stick, "HMP Made Up", "--kind", "prison", "--establishment", "LEI")
        _, second, _ = let_in(desk, partner, stick, "Made-Up Partner", "--kind", "partner")
        desk.json("desk", "agree", "HMP Made Up", "Made-Up Partner", "--kinds", "handovers", "--until", "2099-12-31")
        for site, paper, name in (prison, first, "HMP Made Up"), (partner, second, "Made-Up Partner"):
            number, words = next((row["request"], row["words"]) for row in desk.json("desk", "requests")
                                 if row["invited"] == name)
            desk.run("desk", "approve", number, "--words", words, "--out", paper[2])
            site.run("enrol", "--approval", paper[2])
        wrong_by_years(prison)
        case, _ = shared_by_stick(prison, partner, stick)
        closing(case, partner)
        opened_by_words(case, desk, prison, partner)
        opened_by_bundle(case, prison, partner, stick)
    print("out of contact: all as promised")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))

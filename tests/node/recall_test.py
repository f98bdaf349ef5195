#!/usr/bin/env python3
"""The real programs: a tired person shares a handover with the wrong partner and makes a file of it. It is recalled, once
before anything has reached the partner and once after. Made-up people.

usage: recall_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import pathlib
import sys
import tempfile

from real_programs import COMPLETE, Hub, Refused, bring_up, grounded, refused_for

WHY = "the wrong partner"


def shared(prison):
    case = prison.json("handover", "new", "family-name=Invented")["record"]
    prison.json("record", "set", case, *COMPLETE)
    prison.json("record", "new", "need", "pathway=Somewhere to live", "--in", case)
    grounded(prison, case)
    prison.run("handover", "share", case, "--with", "Made-Up Partner")
    return case


def made(prison, stick):
    row, = prison.json("bundle", "export", "--to", "Made-Up Partner", str(stick))
    assert row["computers_that_can_open_it"] == ["Reception PC"], row  # said before it leaves
    listed = prison.json("bundle", "made")[0]
    assert listed["for"] == "Made-Up Partner" and listed["records"] >= 1, listed
    assert prison.json("bundle", "made", "--nightly") == []
    return str(stick / row["file"]), listed["number"]


def can_be_taken_back(prison, number):
    return [row["record"] for row in prison.json("bundle", "recall", str(number), "--reason", WHY) if row["stands"] == "can be taken back"]


def recalled_in_part(prison, stick):
    """Of two handovers in one file one was rightly there."""
    wrong, right = shared(prison), shared(prison)
    _, number = made(prison, stick)
    assert set(can_be_taken_back(prison, number)) == {wrong, right}
    done = prison.json("bundle", "recall", str(number), "--reason", WHY, "--confirm", "--record", wrong[:8])
    assert done["taken_back"] == 1 and done["not_taken_back_yet"] == 0, done
    assert can_be_taken_back(prison, number) == [right]
    prison.json("bundle", "recall", str(number), "--reason", WHY, "--confirm")
    assert can_be_taken_back(prison, number) == []


def recalled_in_time(prison, partner, stick):
    case = shared(prison)
    file, number = made(prison, stick)
    prison.json("sync")  # the exchange has it, for the partner
    said = prison.run("bundle", "recall", str(number), "--reason", WHY)
    assert "cannot be called back" in said and "Nothing has been changed yet" in said, said
    assert can_be_taken_back(prison, number) == [case]
    refused_for(prison, "not in that file", "bundle", "recall", str(number), "--reason", WHY, "--confirm", "--record",
                prison.json("handover", "new", "family-name=Other")["record"])
    done = prison.json("bundle", "recall", str(number), "--reason", WHY, "--confirm")
    assert done["taken_back"] == 1 and done["had_reached_them"] == 0, done
    prison.json("sync")
    assert partner.json("sync")["new_access"] == 0
    counts = partner.json("bundle", "import", file)
    assert counts["new_access"] == counts["received,_not_confirmed_yet"] == counts["received_with_their_place"] == 0, counts
    assert partner.json("handover", "list") == []
    refused_for(partner, "", "handover", "show", case)
    assert prison.json("bundle", "recall", str(number), "--reason", WHY, "--confirm")["taken_back"] == 0


def recalled_too_late(prison, partner, stick):
    """The stick was quicker: it opens, and what it brought goes once the partner hears."""
    shared(prison)
    file, number = made(prison, stick)
    assert partner.json("bundle", "import", file)["new_access"] == 1
    assert len(partner.json("handover", "list")) == 1
    prison.json("bundle", "recall", str(number), "--reason", WHY, "--confirm")
    prison.json("sync")
    partner.json("sync")
    assert partner.json("handover", "list") == []
    assert partner.json("bundle", "import", file)["not_for_this_organisation"] == 1
    assert partner.json("handover", "list") == []


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        stick = folder / "stick"
        stick.mkdir()
        hub = Hub(folder)
        try:
            _, prison, partner = bring_up(folder, hub)
            recalled_in_time(prison, partner, stick)
            recalled_too_late(prison, partner, stick)
            recalled_in_part(prison, stick)
            for site in prison, partner:
                assert site.json("check")["faults"] == 0
        finally:
            hub.stop()
    print("recall: all as promised")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))

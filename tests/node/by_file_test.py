#!/usr/bin/env python3
"""The real programs and a stick: a prison and a partner that have never had a network are let in by files, hand a case
over by a bundle, and answer by one. No exchange is ever served. Made-up people.

usage: by_file_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import copy
import pathlib
import sys
import tempfile

from bundle_test import carry, shared_by_stick, take
from real_programs import NODE, Hub, Refused, Site, private_file, refused_for, run


def copy_of(site, data):
    """The same people at another folder."""
    out = copy.copy(site)
    out.data = data
    return out


def asks(desk, site, stick, *invitation):
    """Invitation out, request back."""
    paper = [str(stick / f"{site.data.name}.{part}") for part in ("invitation", "request", "answer")]
    code = desk.json("desk", "invite", *invitation, "--out", paper[0])["code"]
    enrol = ["enrol", code, "--invitation", paper[0], "--request", paper[1], "--label", "Reception PC"]
    asked = site.json(*enrol)
    assert site.json(*enrol) == asked and site.json("status")["words_to_read_aloud"] == asked["words"]
    return code, paper, asked


def let_in(desk, site, stick, *invitation):
    code, paper, asked = asks(desk, site, stick, *invitation)
    taken = desk.json("desk", "take", paper[1])
    assert (taken["words"], taken["request"]) == (asked["words"], asked["request"]), (taken, asked)
    approve = ["desk", "approve", asked["request"], "--out", paper[2], "--words"]
    refused_for(desk, "are not those of this request", *approve, "abandon " * 8)
    assert not pathlib.Path(paper[2]).exists()
    desk.run(*approve, asked["words"])
    return code, paper, asked


def refused_by_hand(folder, desk, prison, partner, stick):
    """What is not the right file is told for what it is, and changes nothing."""
    code, paper, asked = asks(desk, prison, stick, "HMP Made Up", "--kind", "prison", "--establishment", "LEI")
    refused_for(prison, "Give the code too", "enrol", "--request", paper[1], expect=2)
    refused_for(partner, "This invitation is for HMP Made Up", "enrol", code, "--invitation", paper[0], "--request",
                str(stick / "x"))
    refused_for(desk, "request to be let in is needed", "desk", "take", paper[0])
    refused_for(prison, "the central team's answer is needed", "enrol", "--approval", paper[1])
    refused_for(partner, "Nothing was asked", "enrol", "--approval", paper[1])
    bad = private_file(stick / "bad", "nothing of the kind")
    refused_for(desk, "neither an invitation", "desk", "take", bad)
    refused_for(desk, "There is no such file", "desk", "take", str(stick / "none"))
    whole = pathlib.Path(paper[1]).read_bytes()
    pathlib.Path(bad).write_bytes(whole[:-1])
    refused_for(desk, "copied only in part", "desk", "take", bad)
    desk.run("desk", "withdraw", asked["request"], "--confirm")
    refused_for(desk, "a code of no invitation here", "desk", "take", paper[1])
    for path in stick.iterdir():
        assert code.replace("-", "").encode() not in path.read_bytes().replace(b"-", b"")
        path.unlink()


def restored_by_file(folder, desk, prison, case, stick):
    """A backup is put back where there is no network: closed, until a list comes that was signed after it."""
    backup, blank = str(folder / "copy"), folder / "blank"
    prison.run("backup", backup)
    old = carry(desk, "HMP Made Up", stick)
    run(NODE, "--data", blank, "--as", "jo", "--password-file", prison.password, "restore", backup)
    there = copy_of(prison, blank)
    refused_for(there, "ask the central team for a file", "handover", "list")
    refused_for(there, "restored from a backup", "bundle", "export", "--to", "hub", str(stick))
    assert there.json("bundle", "inspect", old[0])["you_can_open_it"]
    for file in old, carry(desk, "HMP Made Up", stick):  # nobody knows how old the list is in the second
        assert "signed before it, does not open them" in there.run("bundle", "import", *file)
        refused_for(there, "sign the central list once more", "handover", "show", case)
    desk.run("desk", "directory", "--renew")
    assert "open again" in there.run("bundle", "import", *carry(desk, "HMP Made Up", stick))
    assert there.json("handover", "show", case)["stage"] == "Accepted"
    assert there.json("check")["faults"] == 0


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        stick = folder / "stick"
        stick.mkdir()
        hub = Hub(folder)  # has a key, and is never served
        desk = Site(folder, "Central Made-Up Team", "central")
        desk.json("desk", "init", "--name", "Central Made-Up Team", "--hub-file", hub.printed)
        prison = Site(folder, "HMP Made Up", "prison", "--establishment", "LEI")
        partner = Site(folder, "Made-Up Partner", "partner")
        refused_by_hand(folder, desk, prison, partner, stick)
        refused_for(prison, "let this computer in first", "bundle", "export", "--to", "hub", str(stick))
        _, first, asked = let_in(desk, prison, stick, "HMP Made Up", "--kind", "prison", "--establishment", "LEI")
        _, second, _ = let_in(desk, partner, stick, "Made-Up Partner", "--kind", "partner")
        desk.json("desk", "agree", "HMP Made Up", "Made-Up Partner", "--kinds", "handovers", "--until", "2099-12-31")
        desk.run("desk", "approve", asked["request"], "--words", asked["words"], "--out", first[2])  # with the agreement
        refused_for(prison, "This file answers request", "enrol", "--approval", second[2])
        for site, paper in (prison, first), (partner, second):
            site.run("enrol", "--approval", paper[2])
            refused_for(site, "enrolled already", "enrol", "--approval", paper[2])
            assert site.json("status")["enrolled"]

        case, _ = shared_by_stick(prison, partner, stick)
        partner.run("handover", "accept", case, "--contact", "Kim, 07700 900111")
        assert take(prison, carry(partner, "HMP Made Up", stick))["received,_not_confirmed_yet"] > 0
        assert prison.json("handover", "show", case)["stage"] == "Accepted"
        carry(desk, "HMP Made Up", stick)  # a newer list reaches a site that way
        for site in desk, prison, partner:
            assert site.json("check")["faults"] == 0
        restored_by_file(folder, desk, prison, case, stick)
    print("by file: all as promised")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))

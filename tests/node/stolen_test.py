#!/usr/bin/env python3
"""The real programs: a prison's laptop is stolen. The thief's changes are refused, by the exchange and at a partner that
hears of it by stick alone; every record gets a new key; what the exchange had taken before is settled by people; and the
computer that replaces the laptop reads everything. Made-up people.

usage: stolen_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import datetime
import pathlib
import re
import sys
import tempfile

from bundle_test import carry, take
from real_programs import (CODES, COMPLETE, NODE, PASSWORD, Hub, Refused, Site, bring_up, exchange, grounded, let_in,
                           private_file, refused_for, run)


class Another(Site):
    """A further computer of a prison, from its recovery sheet."""

    def __init__(self, folder, name, sister):
        self.data = folder / name
        self.password = private_file(folder / f"{name}.password", PASSWORD)
        rows = " ".join(re.findall(r"^\s+(?:\d+ \w+\s*){4}$", sister.sheet, re.M))
        sheet = private_file(folder / f"{name}.sheet", " ".join(re.findall(r"\d+ (\w+)", rows)))
        number = re.search(r"^ +((?:[0-9a-f]{4}-){8}[0-9a-f]{4})$", sister.sheet, re.M).group(1)
        run(NODE, "--data", self.data, "--codes", CODES, "--recovery-sheet", sheet, "init", "--name", "HMP Made Up",
            "--kind", "prison", "--establishment", "LEI", "--staff", "Jo Made-Up", "--sign-in", "jo",
            "--new-password-file", self.password, "--join", number)


def joined(folder, name, hub_url, desk, prison):
    site = Another(folder, name, prison)
    let_in(desk, site, hub_url, "HMP Made Up", "--another")
    exchange(prison, site, prison, site)
    return site


def recorded(prison):
    volunteer = prison.json("record", "new", "volunteer", "given-name=Ann", "family-name=Example",
                            "mobile=07700 900001")["record"]
    case = prison.json("handover", "new", "family-name=Invented")["record"]
    prison.run("record", "set", case, *COMPLETE)
    prison.run("record", "new", "need", "pathway=Somewhere to live", "--in", case)
    grounded(prison, case)
    prison.run("handover", "share", case, "--with", "Made-Up Partner")
    return volunteer, case


def withdrawn(desk, laptop, hub):
    """Looked at first, which changes nothing; then done."""
    number = laptop.json("status")["computer_number"]
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    order = ["desk", "revoke", number, "--reason", "stolen", "--stolen-since", today]
    before = desk.json("status")["central_list_version"]
    said = desk.run(*order)
    assert "Nothing has been changed yet" in said and "There is no way back" in said, said
    assert desk.json("status")["central_list_version"] == before
    own = ["desk", "revoke", desk.json("status")["computer_number"], "--reason", "stolen"]
    refused_for(desk, "does not withdraw itself", *own)  # nor is it said what that would mean
    refused_for(desk, "does not withdraw itself", *own, "--confirm")
    refused_for(desk, "no such computer", "desk", "revoke", "ffffffff", "--reason", "stolen", "--confirm")
    # One that is at hand is not withdrawn before somebody has looked on it.
    retired = ["desk", "revoke", number, "--reason", "retired", "--confirm"]
    refused_for(desk, "retire-check", *retired)
    assert desk.json("status")["central_list_version"] == before
    left = laptop.json("status")["changes_not_sent_yet"]
    if left:
        refused_for(laptop, "not reached the exchange", "retire-check")
    said = laptop.json("retire-check", *(["--give-up"] if left else []))
    assert said["computer_number"] == number and said["changes_not_sent_yet"] == left, said
    desk.run(*order, "--confirm")
    refused_for(desk, "withdrawn already", *order, "--confirm")
    row, = [row for row in desk.json("desk", "computers") if row["number"] == number]
    assert row["standing"] == "withdrawn: stolen", row
    return number


def settled(prison, desk, replacement):
    """Listed at the owner's and the desk's; kept on one computer, settled on all."""
    listed = prison.json("suspect", "list")
    assert [row["what_it_says"] for row in listed if row["field"] == "Mobile telephone"] == ["07700 900666"], listed
    at_desk = {row["change"] for row in desk.json("suspect", "list")}
    assert at_desk and at_desk <= {row["change"] for row in listed}, at_desk  # not what only the prison holds
    change = next(row["change"] for row in listed if row["field"] == "Mobile telephone")
    shown = prison.run("record", "show", next(row["record"] for row in listed if row["field"] == "Mobile telephone"))
    assert "made on a computer that was stolen" in shown, shown
    prison.run("suspect", "undo", change, "--reason", "we rang them")
    prison.run("suspect", "keep", "--all", "--reason", "the rest was ours")
    exchange(prison, desk, replacement)
    for site in prison, desk, replacement:
        assert site.json("suspect", "list") == []


def told(folder, desk, number):
    """A report that a notice can begin with; making it is written down."""
    refused_for(desk, "role", "breach", number, "--reason", "a notice")
    desk.run("staff", "roles", "jo", "--add", "governor", "security")
    facts = desk.json("breach", number, "--reason", "a notice")
    assert facts["computer"] == "HMP Made Up, Reception PC" and facts["standing"] == "withdrawn: stolen", facts
    assert facts["records_that_it_could_read"] == facts["of_these_with_new_keys"] > 0, facts
    out = folder / "notice.txt"
    desk.run("breach", number, "--reason", "a notice", "--out", str(out))
    text = out.read_text()
    assert "72 hours" in text and "without one yet: 0" in text and "volunteer files" in text, text
    assert out.stat().st_mode & 0o077 == 0
    assert len([row for row in desk.json("audit", "list") if row["reason"] == "a notice"]) >= 2  # and looks at names


def main(folder):
    hub, stick = Hub(folder), folder / "stick"
    stick.mkdir()
    try:
        desk, prison, partner = bring_up(folder, hub)
        url = re.search(r'url = "(.*)"', (desk.data / "node.toml").read_text()).group(1)
        laptop = joined(folder, "laptop", url, desk, prison)
        volunteer, case = recorded(prison)
        exchange(prison, desk, partner, laptop, prison, laptop)

        # Stolen. What is sent before anybody notices is taken; then comes what is not.
        laptop.run("record", "set", volunteer, "mobile=07700 900666")
        exchange(laptop)
        laptop.run("record", "set", case, "property-note=never believe this")
        forged = carry(laptop, "Made-Up Partner", stick)
        number = withdrawn(desk, laptop, hub)

        take(partner, carry(desk, "Made-Up Partner", stick))  # the only word that the partner hears
        refused_for(partner, "withdrawn", "bundle", "import", *forged)
        assert "never believe this" not in partner.run("record", "show", case)
        exchange(desk)
        refused_for(laptop, "withdrawn", "sync")
        assert not desk.json("status")["records_that_need_new_keys"]
        for _ in range(2):
            exchange(prison, desk, partner)
        for site in prison, desk, partner:
            status = site.json("status")
            assert status["records_that_need_new_keys"] == 0 and status["records_with_new_keys"] > 0, status
        assert prison.json("rotate")["new_keys_made"] == 0
        news = 'The central team has withdrawn "Reception PC": stolen'
        assert news in prison.run("status") and news not in partner.run("status"), prison.run("status")

        replacement = joined(folder, "replacement", url, desk, prison)
        assert "never believe this" not in replacement.run("record", "show", case)
        assert "Invented" in replacement.run("handover", "show", case)
        assert "Example" in replacement.run("record", "show", volunteer)
        settled(prison, desk, replacement)
        assert "07700 900001" in replacement.run("record", "show", volunteer)
        told(folder, desk, number)
        for site in prison, desk, partner, replacement:
            assert site.json("check")["faults"] == 0
    finally:
        hub.stop()
    print("stolen: all as promised")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        try:
            main(pathlib.Path(name))
        except Refused as refused:
            sys.exit(str(refused))

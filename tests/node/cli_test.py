#!/usr/bin/env python3
"""The real programs over real HTTP: a hub, a desk, a prison and a partner, from init to sync; what is refused, and with
which exit code. Made-up people.

usage: cli_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time
import urllib.parse

from real_programs import (CODES, COMPLETE, HUB, NODE, PASSWORD, Hub, Refused, Site, exchange, free_port, private_file,
                           refused_for, run)

DAILY_WORK = pathlib.Path(__file__).parents[2] / "docs" / "daily-work.md"


def enrol(desk, site, url, *invitation):
    code = desk.json("desk", "invite", *invitation)["code"]
    wrong = code[:-1] + ("7" if code[-1] != "7" else "8")
    site.run("enrol", wrong, "--hub", url, expect=1)
    said = site.run("enrol", code, "--hub", url, "--label", "Reception PC")
    assert "read these words to them" in said, said
    words = site.json("enrol", code, "--hub", url, "--label", "Reception PC")["words"]
    site.run("sync", expect=1)  # not let in yet: says so, and loses nothing
    request = next(row for row in desk.json("desk", "requests") if row["words"] == words)
    approve = ["desk", "approve", request["request"], "--words"]
    refused_for(desk, "are not those of this request", *approve, "abandon " * 8)
    refused_for(desk, "Type all eight words", *approve, " ".join(words.split()[:2]))
    refused_for(desk, "no such request", "desk", "approve", request["request"][:3], "--words", words)
    desk.json("desk", "approve", request["request"][:4].upper(), "--words", words.upper().replace(" ", ", "))
    refused_for(site, "if they have said yes already, ask them to sync", "sync")
    desk.run("sync")
    refused_for(desk, "let in already", "desk", "withdraw", request["request"])
    counts = site.json("sync")
    assert counts["sent"] >= 1 and counts["received"] == 0, counts  # nobody else has written anything
    desk.run("desk", "approve", request["request"], "--words", words, expect=1)  # good once


def taken_back(desk, site, url):
    """An invitation that the desk withdrew lets nobody in, and is listed no more."""
    refused_for(desk, "no prison with this code", "desk", "invite", "HMP Made Up", "--kind", "prison",
                "--establishment", "XXX")
    code = desk.json("desk", "invite", "HMP Made Up", "--kind", "prison", "--establishment", "lei")["code"]
    request, = desk.json("desk", "requests")
    refused_for(desk, "have not asked yet", "desk", "approve", request["request"], "--words", "able " * 8)
    site.json("enrol", code, "--hub", url)
    request, = desk.json("desk", "requests")
    asked = desk.run("desk", "withdraw", request["request"])
    for said in "would be withdrawn", "no way back", "is not told: it goes on waiting", "--confirm":
        assert said in asked, asked
    assert desk.json("desk", "requests") == [request]  # asked, and not done
    assert desk.json("desk", "withdraw", request["request"], "--confirm")["withdrawn"] == "HMP Made Up"
    assert desk.json("desk", "requests") == []
    refused_for(desk, "no such request", "desk", "approve", request["request"], "--words", request["words"])


def ended(desk):
    """An agreement ends once somebody has read what that means, and said so."""
    between = ["desk", "agree", "HMP Made Up", "Made-Up Partner"]
    desk.json(*between, "--kinds", "handovers", "--until", "2099-12-31")
    until = lambda: [row["note"] for row in desk.json("desk", "directory") if row["what"] == "agreement"]
    asked = desk.run(*between, "--end")
    for said in ("HMP Made Up shares no more handovers with Made-Up Partner", "knows of no record that HMP Made Up shares",
                 "To share anew", "Nothing has been changed yet. To end it, add --confirm."):
        assert said in asked, asked
    assert until() == ["until 2099-12-31"], until()  # asked, and not done
    refused_for(desk, "--end", *between, "--confirm", expect=2)
    assert desk.json(*between, "--end", "--confirm")["ended"] == "HMP Made Up to Made-Up Partner"
    assert until() != ["until 2099-12-31"]
    for confirmed in [], ["--confirm"]:
        refused_for(desk, "no agreement in force", *between, "--end", *confirmed)


def named_wrongly_at_first(folder, desk, hub):
    """One digit of the exchange's key is wrong: the desk says how to mend it, the exchange trusts nobody by such a list."""
    printed, listed = pathlib.Path(hub.printed).read_text(), str(folder / "list")
    key = re.search(r"^key: +(\w+)", printed, re.M).group(1)
    slip = key[:-1] + ("0" if key[-1] != "0" else "1")
    wrong = private_file(folder / "wrong.txt", printed.replace(key, slip))
    facts = desk.json("desk", "init", "--name", "Central Made-Up Team", "--hub-file", wrong, "--list", listed)
    trust = ["--settings", hub.settings, "trust", facts["key"], "--list", listed, "--words", facts["key_words"]]
    said = run(HUB, *trust, expect=1)
    assert facts["hub_key_words"] in said and '"desk hub --hub-file"' in said and "Nothing was changed." in said, said
    assert "trusted key: none yet" in run(HUB, "--settings", hub.settings, "status")
    refused_for(desk, '"desk hub --hub-file FILE"', "desk", "init", "--name", "X", "--hub-file", hub.printed)
    desk.run("desk", "hub", "--hub-file", hub.printed)
    desk.run("desk", "directory", "--list", listed)
    run(HUB, *trust)
    return facts


def whole_way(folder, hub):
    desk = Site(folder, "Central Made-Up Team", "central")
    refused_for(desk, "The file no-such.txt cannot be used. There is no such file", "desk", "init", "--name", "X",
                "--hub-file", "no-such.txt")
    facts = named_wrongly_at_first(folder, desk, hub)
    run(HUB, "--settings", hub.settings, "trust", facts["key"], "--list", str(folder / "list"))
    url = hub.serve()
    (desk.data / "node.toml").write_text(f'[hub]\nurl = "{url}"\n')
    desk.run("sync")

    prison = Site(folder, "HMP Made Up", "prison", "--establishment", "lei")  # as listed: LEI
    for site, next_step in (desk, '"desk init"'), (prison, '"enrol"'):
        assert next_step in site.sheet.strip().splitlines()[-1], site.sheet
    partner = Site(folder, "Made-Up Partner", "partner")
    taken_back(desk, prison, url)
    enrol(desk, prison, url, "HMP Made Up", "--kind", "prison", "--establishment", "LEI")
    enrol(desk, partner, url, "Made-Up Partner", "--kind", "partner")
    ended(desk)
    desk.json("desk", "agree", "HMP Made Up", "made-up partner", "--kinds", "volunteer", "--until", "2099-12-31")
    agreed, = [row for row in desk.json("desk", "directory") if row["what"] == "agreement"]
    assert agreed["note"] == "until 2099-12-31", agreed
    instance = re.search(r"^instance: +(\w+)", pathlib.Path(hub.printed).read_text(), re.M).group(1)
    desk.json("desk", "hub", "--hub-instance", instance)  # the key stays
    desk.run("sync")
    prison.run("sync")
    assert {row["name"] for row in prison.json("desk", "directory") if row["what"] == "organisation"} == {
        "Central Made-Up Team", "HMP Made Up", "Made-Up Partner"}
    status = prison.json("status")
    assert status["enrolled"] and status["changes_not_sent_yet"] == 0 and status["records_held"] == 1
    return desk, prison, partner


def unattended(folder, prison):
    key_file = str(folder / "prison.key")
    prison.run("key-file", key_file)
    run(NODE, "--data", prison.data, "--key-file", key_file, "sync")
    run(NODE, "--data", prison.data, "--key-file", key_file, "staff", "add", "Al Invented", expect=2)  # who does it?
    os.chmod(key_file, 0o644)
    run(NODE, "--data", prison.data, "--key-file", key_file, "sync", expect=1)


def staff(folder, prison):
    al = private_file(folder / "al.password", "river teapot quarrel 5")
    weak = private_file(folder / "weak.password", "Password123456!")
    prison.run("staff", "add", "Al Invented", "--roles", "Gate meeter", "--sign-in", "al", "--new-password-file", al,
               expect=1)  # not in the list's words
    prison.run("staff", "add", "Al Invented", "--roles", "gate_meeter", "--sign-in", "al", "--new-password-file", weak,
               expect=1)
    prison.json("staff", "add", "Al Invented", "--roles", "gate_meeter", "--sign-in", "Al", "--new-password-file", al)
    names = {row["name"]: row["signs_in_here_as"] for row in prison.json("staff", "list")}
    assert names == {"Jo Made-Up": "jo", "Al Invented": "al"}, names
    as_al = ["--data", prison.data, "--as", "al", "--password-file", al]
    assert "Choose your own first" in run(NODE, *as_al, "status", expect=1)  # who set it knows it
    own = private_file(folder / "al.own.password", "quarrel marmalade 31 otter")
    run(NODE, *as_al, "staff", "password", "al", "--new-password-file", own)
    as_al[-1] = own
    run(NODE, *as_al, "status")
    run(NODE, *as_al, "staff", "add", "X Y", expect=1)  # a gate-meeter adds nobody
    run(NODE, "--data", prison.data, "--as", "al", "--password-file", prison.password, "status", expect=1)

    words = re.findall(r"^\s+(?:\d+ \w+\s*){4}$", prison.sheet, re.M)
    sheet = private_file(folder / "sheet", "\n".join(words))  # as it was printed, with its numbers
    fresh = private_file(folder / "fresh.password", "anvil marmalade 77 drift")
    run(NODE, "--data", prison.data, "--recovery-sheet", sheet, "staff", "password", "al", "--new-password-file", fresh)
    run(NODE, *as_al, "status", expect=1)
    joined(folder, prison, sheet)
    run(NODE, "--data", prison.data, "--as", "al", "--password-file", fresh, "status")


def at_the_same_moment(prison):
    """Right passwords that come together are not taken for somebody who guesses."""
    signing_in = [subprocess.Popen([NODE, "--data", prison.data, "--as", "jo", "--password-file", prison.password,
                                    "status"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                  for _ in range(8)]
    said = [(each.communicate()[1], each.returncode) for each in signing_in]
    assert said == [("", 0)] * len(signing_in), said


def joined(folder, prison, sheet):
    """A second computer takes the number on the sheet, and no slip in it."""
    number = re.search(r"^  ((?:[0-9a-f]{4}-){8}[0-9a-f]{4})$", prison.sheet, re.M).group(1)
    second = ["--data", str(folder / "second"), "--codes", CODES]
    init = ["init", "--name", "HMP Made Up", "--kind", "prison", "--establishment", "LEI", "--staff", "Jo Made-Up",
            "--sign-in", "jo", "--new-password-file", prison.password, "--join"]
    slip = ("1" if number[0] != "1" else "2") + number[1:]
    assert "nine groups of four" in run(NODE, *second, "--recovery-sheet", sheet, *init, slip, expect=1)
    run(NODE, *second, "--recovery-sheet", sheet, *init, number.replace("-", " "))
    status = json.loads(run(NODE, *second, "--json", "--as", "jo", "--password-file", prison.password, "status"))
    assert status["organisation_number"] == prison.json("status")["organisation_number"]


def records(prison):
    made = prison.json("record", "new", "programme", "name=Reading Aloud", "starts-on=4 December 2026", "--in",
                       prison.json("record", "list", "site")[0]["record"])["record"]
    assert [row["name"] for row in prison.json("record", "list", "programme")] == ["Reading Aloud"]
    saved = prison.json("record", "set", made, "name=Reading Together", "--reason", "made up")
    assert saved["record"] == made and saved["name"] == "HMP Made Up", saved  # where it is
    shown = prison.json("record", "show", made)
    assert shown["name"] == "Reading Together" and shown["starts_on"] == "2026-12-04", shown
    history = prison.json("record", "history", made, "--field", "name")
    assert [(row["value"], row["standing"]) for row in history] == [
        ("Reading Together", "shown"), ("Reading Aloud", "replaced")], history
    assert history[0]["why"] == "made up" and history[0]["who"] == "Jo Made-Up"
    site, kind, number = made.split("/")  # of a number, as much as tells it from others
    assert prison.json("record", "show", site[:4]) == prison.json("record", "show", site)
    assert prison.json("record", "show", site.upper()) == prison.json("record", "show", site)
    assert prison.json("record", "show", made.upper()) == shown
    assert prison.json("record", "show", f"{site[:6]}/{kind}/{number[:4]}") == shown
    assert prison.json("record", "show", f"{kind}/{made}") == shown
    assert prison.json("record", "show", f"site/{site[:6]}") == prison.json("record", "show", site)
    refused_for(prison, "another type of record: site", "record", "show", f"volunteer/{site}")
    refused_for(prison, "another type of record: programme", "record", "set", f"site/{made}", "name=x")
    parts = prison.json("record", "show", site)["also_here"]
    assert [part for part in parts if part["record"] == made] == [
        {"type": "programme", "what": "Reading Together", "record": made}], parts
    assert shown["field_notes"] == {"name": "not sent yet", "starts_on": "not sent yet"} and shown["also_here"] == []
    assert json.loads(prison.run("record", "show", made, "--json")) == shown  # before the command or after it
    slip = ("1" if number[0] != "1" else "2") + number[1:4]
    refused_for(prison, "no such record", "record", "show", f"{site}/{kind}/{slip}")
    refused_for(prison, "no such record", "record", "show", made[:3])
    assert "Saved." in prison.run("record", "set", made, "name=Reading Together")
    assert {"code": "COMPLETED", "what_it_is": "Support completed"} in prison.json("record", "codes", "close-reasons")
    assert "close-reasons" in [row["list"] for row in prison.json("record", "codes")]
    refused_for(prison, "no such list", "record", "codes", "no-such-list", expect=2)
    prison.run("record", "set", made, "starts-on=yesterday week", expect=1)
    prison.run("record", "set", made, "nmae=x", expect=2)
    prison.run("record", "show", "0" * 32, expect=1)
    prison.run("record", "list", "unicorn", expect=2)
    for wrong in (["set", made, "name"], ["list", "site", "--limit", "0"], ["list", "site", "--limit", "501"]):
        prison.run("record", *wrong, expect=2)
    prison.run("search", " ", expect=2)
    assert "--as NAME" in run(NODE, "--data", prison.data, "--codes", CODES, "record", "list", "site", expect=2)
    page = subprocess.run([NODE, "--data", prison.data, "--as", "jo", "--password-file", prison.password, "--codes",
                           CODES, "--json", "record", "list", "staff-member", "--limit", "1"], capture_output=True,
                          text=True, check=True)
    assert len(json.loads(page.stdout)) == 1


def shared(desk, prison, partner):
    prison.run("handover", "new", "given-name=Alex", expect=1)
    case = prison.json("handover", "new", "family-name=Invented")["record"]
    refused_for(prison, "not complete", "handover", "share", case, "--with", "Made-Up Partner")
    assert re.search(r"^name: +Invented$", prison.run("record", "set", case[:4], "languages=English"), re.M)
    six_days_ago = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 6 * 86400))
    for release_date, late in ((six_days_ago, True), ("2099-01-05", False)):
        prison.json("record", "set", case, f"release-date={release_date}")
        assert [row["late"] for row in prison.json("handover", "list", "--ended")] == [late]
    assert prison.json("record", "set", case, *COMPLETE)["name"] == "Alex Invented"
    prison.json("record", "new", "need", "pathway=Somewhere to live", "--in", case)
    prison.json("record", "new", "flag", "kind=Do not", "instruction=Be alone with children", "--in", case)
    refused_for(prison, "no current sharing agreement", "handover", "share", case, "--with", "made-up partner")
    number = next(row["number"] for row in desk.json("desk", "directory") if row["name"] == "Made-Up Partner")
    desk.json("desk", "agree", "HMP Made Up", number.upper(), "--kinds", "handovers", "--until", "2099-12-31")
    exchange(desk, prison, partner)
    refused_for(prison, "No ground", "handover", "share", case, "--with", "Made-Up Partner")
    assert [step["step"] for step in prison.json("handover", "show", case)["next"]] == ["basis"]
    basis = ["handover", "basis", case, "--with", "Made-Up Partner", "--law", "UK GDPR", "--ground", "Public task"]
    prison.run(*basis, expect=2)  # what for?
    prison.json(*basis, "--purpose", "support after release", "--what", "IDENTITY", "--what", "Release date and kind")
    refused_for(prison, "Not named: How to reach the person", "handover", "share", case, "--with", "Made-Up Partner")
    covered = [word for kind in ("CONTACT", "RISK_FLAGS", "RISK_LEVELS", "LICENCE", "NEEDS", "HEALTH") for word in ("--what", kind)]
    prison.json(*basis, "--purpose", "support after release", *covered)
    refused_for(prison, "There is no such organisation", "handover", "share", case, "--with", "Nobody")
    assert prison.run("handover", "share", case[:8], "--with", "Made-Up Partner").startswith("Shared. ")
    refused_for(prison, "It has been sent already.", "handover", "share", case, "--with", "Made-Up Partner")
    exchange(prison, partner)
    return case


def accepted(case, prison, partner):
    contact = ["--contact", "Kim, 07700 900111"]
    refused_for(prison, "organisation", "handover", "accept", case, *contact)  # only the partner does
    partner.run("handover", "accept", case, expect=2)  # whom may they ring?
    listed = partner.json("handover", "list")
    assert [(row["handover"], row["stage"], row["family_name"]) for row in listed] == [(case, "Shared", "Invented")]
    waiting = partner.json("handover", "show", case)
    assert waiting["next"][0]["step"] == "acknowledge" and any(row["waits_for_you"] for row in waiting["changes"])
    donts = "Do not: Be alone with children"
    assert [row["instruction"] for row in waiting["dos_and_donts"]] == [donts], waiting
    assert [row["value"] for row in waiting["changes"] if row["field"] == "What to do"] == [donts], waiting
    assert partner.run("handover", "show", case).count(donts) >= 2
    read = {row["field"]: row["value"] for row in partner.json("handover", "read", case)}
    assert read.keys() >= {"Expected release date"} and read["What to do"] == donts, read
    assert donts in partner.run("handover", "read", case)  # that it was read is no reason to keep it back
    assert partner.json("handover", "read", case) == []
    partner.run("handover", "decline", case, "--because", "no such reason", expect=1)
    assert partner.run("handover", "accept", case, *contact).startswith("Accepted.\n")
    exchange(partner, prison, partner, prison)
    assert re.search(r"^need +Somewhere to live", prison.run("record", "show", case), re.M)  # beside its own fields
    for said in prison.run("record", "show", case), prison.run("record", "history", case):
        assert re.search(r"Partner  +Made-Up Partner", said) and "{" not in said, said
        assert re.search(r"Read by  +\d+ changes?", said), said
    shown = prison.json("handover", "show", case)
    assert shown["stage"] == "Accepted" and shown["complete"] and shown["missing"] == [], shown
    assert ["English"] == [row["value"] for row in shown["facts"] if row["field"] == "languages"]
    assert prison.json("record", "show", case)["languages"] == ["en"]
    date = next(row for row in shown["changes"] if row["field"] == "Expected release date")
    assert re.match(r"Sent on .* Arrived at Made-Up Partner \(Reception PC\)\. .*Read by Jo Made-Up, Made-Up Partner",
                    date["where_it_is"]), date


def changed_in_two_places(case, prison, partner):
    prison.json("record", "set", case, "release-date=2099-12-10", "--reason", "days added")
    partner.json("record", "set", case, "release-date=2099-12-15", "--reason", "heard from the family")
    exchange(prison, partner, prison)
    item, = prison.json("conflict", "list")
    assert item["record"] == case and item["values"] == ["10 December 2099", "15 December 2099"], item
    assert partner.json("conflict", "list") == [item]
    assert prison.json("handover", "show", case)["changed_in_two_places"][0]["item"] == item["item"]
    shown = partner.json("conflict", "show", item["item"])
    assert partner.json("conflict", "show", item["item"].upper()) == shown
    assert not shown["you_may_decide"] and shown["changes"][1]["why"] == "heard from the family", shown
    keep = shown["changes"][1]["keep"]
    decide = ["conflict", "resolve", item["item"][:4]]
    refused_for(prison, "prints under", *decide, "--keep", "15 December 2099", "--reason", "heard")
    refused_for(partner, "keeps this record decides", *decide, "--keep", keep, "--reason", "ours")
    prison.run(*decide, "--keep", keep, expect=2)  # why?
    refused_for(prison, "either --keep", *decide, "--reason", "x", expect=2)
    refused_for(prison, "either --keep", *decide, "--keep", keep, "--value", "2099-12-11", "--reason", "x", expect=2)
    refused_for(prison, "none of the changes", *decide, "--keep", "0000", "--reason", "x")
    prison.json(*decide, "--keep", keep.upper(), "--reason", "the family is right")
    refused_for(prison, "has decided already", *decide, "--keep", keep, "--reason", "again")
    exchange(prison, partner)
    assert partner.json("conflict", "list") == []
    assert partner.json("record", "show", case)["release_date"] == "2099-12-15"


def to_the_gate(case, prison, partner):
    partner.json("handover", "plan", case, "meeting-place=Main gate", "meeting-time=08:30")
    refused_for(prison, "Only the partner can say how it went", "handover", "gate", case, "met")
    partner.run("handover", "gate", case, "perhaps", expect=2)
    partner.run("handover", "gate", case, "missed", expect=1)  # why?
    partner.json("handover", "gate", case, "missed", "--because", "Released early", "--reported-by", "Kim")
    partner.json("handover", "found", case)
    refused_for(partner, "Lost contact", "handover", "close", case, "--because", "done")  # says which there are
    partner.json("handover", "close", case, "--because", "Support completed")
    exchange(partner, prison)
    assert prison.json("handover", "list") == []
    assert [row["stage"] for row in prison.json("handover", "list", "--ended")] == ["Closed"]
    found = partner.json("search", "invent")
    assert [(row["record"], row["name"], row["found"]) for row in found] == [
        (case, "Alex Invented", "Family name: Invented")], found
    assert partner.json("search", "nobody") == []


def handed_over(desk, prison, partner):
    case = shared(desk, prison, partner)
    accepted(case, prison, partner)
    changed_in_two_places(case, prison, partner)
    to_the_gate(case, prison, partner)
    prison.run("handover", "show", prison.json("record", "list", "site")[0]["record"], expect=1)  # no handover
    assert "Nothing was changed in two places." in prison.run("conflict", "list")
    assert "next" not in prison.run("handover", "show", case)  # it is over
    assert prison.json("handover", "show", "invented") == prison.json("handover", "show", case)  # by name, to look
    refused_for(prison, "There is no such handover", "handover", "show", "nobody")
    refused_for(prison, "There is no such handover", "handover", "show", "")
    refused_for(prison, "no handover of this number", "handover", "close", "invented", "--because", "completed")


def volunteers(folder, prison):
    table = folder / "volunteers.csv"
    table.write_text("First name,Last name,Email\nBo,Invented,bo@example.org\n,,cy@example.org\n")
    dry = prison.json("volunteer", "import", str(table), "--dry-run")
    assert (dry["would_be_made"], dry["to_look_at"]) == (1, 1) and dry["lines"], dry
    assert prison.json("record", "list", "volunteer") == []
    assert any("would be added" in line for line in dry["lines"]), dry
    made = prison.json("volunteer", "import", str(table))
    assert any(": added: Bo Invented" in line for line in made["lines"]), made
    assert made["made"] == 1 and "cy@example.org" in pathlib.Path(made["those_to_look_at_are_in"]).read_text(), made
    assert any("No column holds the status" in line for line in made["lines"]), made
    assert prison.json("volunteer", "import", str(table))["done_before"] == 1
    assert len(prison.json("record", "list", "volunteer")) == 1
    [known] = prison.json("record", "list", "volunteer")
    twin = prison.json("record", "new", "volunteer", "given-name=BO", "family-name=Invented", "email=bo@example.org")
    assert len(twin["notes"]) == 1 and known["record"] in twin["notes"][0], twin
    assert prison.json("record", "new", "volunteer", "given-name=Cy", "family-name=Invented")["notes"] == []
    prison.run("volunteer", "import", str(folder / "none.csv"), expect=1)
    as_the_guide_says(prison, prison.json("record", "list", "volunteer")[0]["record"])


def guide(section):
    """Of a section of the guide to daily work, what stands before each block, and the block's commands as words."""
    text = DAILY_WORK.read_text().split(f"# {section}\n")[1].split("\n#")[0]
    *pieces, _ = text.split("```")
    for said, block in zip(pieces[::2], pieces[1::2]):
        commands = [shlex.split(line, comments=True) for line in block.replace("\\\n", " ").strip().splitlines()]
        assert commands and all(words.pop(0) == "T" for words in commands), block
        yield said, commands


def as_the_guide_says(prison, volunteer):
    """What the guide to daily work does with any record, a volunteer's number in the place of its own."""
    for section, least in ("What belongs to a volunteer", 4), ("Any record", 5):
        (_, commands), = guide(section)
        assert len(commands) >= least, commands
        for words in commands:
            prison.run(*[volunteer if re.fullmatch("[0-9a-f]{4}", word) else word for word in words])


def handed_over_as_the_guide_says(prison, partner):
    """From the draft to the end by the commands of the guide alone: its number and partner are ours, its day is today, and
    what it says happened has just happened."""
    day = time.strftime("%d/%m/%Y")
    now = time.strftime("%H:%M")
    case, site, steps = None, prison, []
    for said, commands in guide("A handover, from the draft to the end"):
        for name, each in ("**The prison**", prison), ("**The partner**", partner):
            site = each if name in said else site
        for words in commands:
            words = [case if word == "84fb" else word.replace("Bridge Trust", "Made-Up Partner") for word in words]
            words = [re.sub("4/12/2026|4 December 2026", day, word) for word in words]
            words = [now if word == "9:15" else word for word in words]
            if words[:2] == ["handover", "share"]:
                shown = site.json("handover", "show", case)
                assert shown["complete"] and shown["missing"] == [], shown
            answer = site.run(*(["--json"] if words[1:2] == ["new"] else []), *words)
            case = case or json.loads(answer)["record"]
            if words[:2] == ["handover", "show"] and "more-info" in steps:
                assert "Which part of Leeds" in answer, answer
            steps.append(words[1] if len(words) > 1 else "")
    assert {"more-info", "accept", "release", "gate", "close"} <= set(steps), steps
    assert any(row["handover"] == case and row["stage"] == "Closed"
               for row in partner.json("handover", "list", "--ended"))


class Browser:
    """One person at a site's pages: keeps the cookie, follows nothing."""

    def __init__(self, port):
        self.port, self.cookie = port, ""

    def ask(self, method, target, fields=None):
        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(door):
            headers = {"Cookie": self.cookie} if self.cookie else {}
            if fields is not None:
                headers |= {"Content-Type": "application/x-www-form-urlencoded",
                            "Origin": f"http://127.0.0.1:{self.port}"}
            door.request(method, target, urllib.parse.urlencode(fields) if fields is not None else None, headers)
            answer = door.getresponse()
            page = answer.read().decode()
            if answer.getheader("Set-Cookie"):
                self.cookie = answer.getheader("Set-Cookie").split(";")[0]
            return answer, page

    def sign_in(self, name, password):
        _, page = self.ask("GET", "/sign-in")
        token = re.search(r'name="csrf" value="([^"]+)"', page).group(1)
        return self.ask("POST", "/sign-in", {"csrf": token, "name": name, "password": password})[0].status

    def is_let_in(self):
        return self.ask("GET", "/")[0].status == 200


def pages(folder, prison):
    port = free_port()
    with open(folder / "serve.log", "wb") as log:
        serving = subprocess.Popen([NODE, "--data", prison.data, "--codes", CODES, "serve", "--port", str(port),
                                    "--sync-every", "0"], stdout=log, stderr=log)
    try:
        browser = Browser(port)
        for _ in range(600):
            with contextlib.suppress(OSError):
                if browser.ask("GET", "/sign-in")[0].status == 200:
                    break
            assert serving.poll() is None, (folder / "serve.log").read_text()
            time.sleep(0.05)
        assert not browser.is_let_in()
        assert browser.sign_in("jo", PASSWORD) == 303 and browser.is_let_in()
        other = Browser(port)
        assert other.sign_in("jo", PASSWORD) == 303 and other.is_let_in()
        prison.run("staff", "password", "jo", "--new-password-file", prison.password)  # perhaps the one before was stolen
        assert not browser.is_let_in() and not other.is_let_in()
        assert browser.sign_in("jo", PASSWORD) == 303 and browser.is_let_in()
        said = [other.sign_in("al", "not the password") for _ in range(12)]
        assert said[0] == 422 and 429 in said, said  # has to wait
        al = private_file(folder / "al-again.password", "saffron kettle 31 brisk")
        prison.run("staff", "password", "al", "--new-password-file", al)
        assert other.sign_in("al", "saffron kettle 31 brisk") == 303  # and no longer
        assert not other.is_let_in()  # before they choose their own, as somebody else knows this one
    finally:
        serving.terminate()
        assert serving.wait(30) == 0
    assert "jo" not in (folder / "serve.log").read_text().split()


def keys_moved_away(folder, prison):
    """A store without its keys is never taken for an empty folder."""
    keys, away = prison.data / "keys", folder / "keys-elsewhere"
    store = (prison.data / "store.db").read_bytes()
    keys.rename(away)
    assert "Put \"keys\" back" in prison.run("status", expect=1)
    assert "Put \"keys\" back" in run(NODE, "--data", prison.data, "serve", expect=1)
    said = run(NODE, "--data", prison.data, "init", "--name", "X", "--kind", "partner", "--staff", "Jo Made-Up",
               "--sign-in", "jo", "--new-password-file", prison.password, expect=1)
    assert "Put \"keys\" back" in said and (prison.data / "store.db").read_bytes() == store, said
    away.rename(keys)
    prison.run("status")


def backed_up_and_restored(folder, prison):
    """A copy made beside the running pages comes to the same on a blank computer, and stays closed until it has synced."""
    copy, blank = str(folder / "copy"), str(folder / "blank")
    key_file = str(folder / "pages.key")
    prison.run("key-file", key_file)
    port = str(free_port())
    serving = subprocess.Popen([NODE, "--data", prison.data, "--codes", CODES, "--key-file", key_file, "serve", "--port", port,
                                "--sync-every", "0"], stdout=subprocess.PIPE)
    try:
        serving.stdout.readline()
        prison.run("backup", copy)
        refused_for(prison, 'End "serve"', "rebuild")
    finally:
        serving.terminate()
        assert serving.wait(30) == 0
    refused_for(prison, "There is such a file already", "backup", copy)
    refused_for(prison, "already holds a Throughgate store", "restore", copy)
    assert prison.json("status")["last_backup"] != "never"
    on_blank = ["--data", blank, "--as", "jo", "--password-file", prison.password, "--codes", CODES]
    said = run(NODE, "--data", blank, "restore", copy, expect=2)
    assert "--as NAME" in said, said
    assert '"sync"' in run(NODE, *on_blank, "restore", copy)
    closed = run(NODE, *on_blank, "record", "list", "site", expect=1)
    assert "restored from a backup" in closed and 'run "sync"' in closed, closed
    assert "restored from a backup" in run(NODE, *on_blank, "status")
    run(NODE, *on_blank, "backup", str(folder / "of-a-closed-one"), expect=1)
    assert run(NODE, *on_blank, "check", "--digest") == prison.run("check", "--digest")
    run(NODE, *on_blank, "sync")
    assert run(NODE, *on_blank, "record", "list", "site") == prison.run("record", "list", "site")
    before = prison.run("check", "--digest")
    assert "made anew" in prison.run("rebuild")
    assert prison.run("check", "--digest") == before
    pathlib.Path(copy).write_bytes(pathlib.Path(copy).read_bytes()[:-1])
    said = run(NODE, "--data", str(folder / "blank-too"), "--as", "jo", "--password-file", prison.password, "restore", copy, expect=1)
    assert "part of it is missing" in said, said


def words_of(site):
    return " ".join(re.findall(r"^\s+(?:\d+ \w+\s*){4}$", site.sheet, re.M))


def lost_and_rebuilt(folder, desk, prison, partner):
    """The prison's only computer is gone. Another comes to the same records, from its sheet and what the exchange holds."""
    url = re.search(r'"(.+)"', (desk.data / "node.toml").read_text()).group(1)
    exchange(prison, desk, prison)
    shown = [("check", "--digest"), ("record", "list", "volunteer"), ("handover", "list", "--ended")]
    before = [prison.json(*command) for command in shown]
    assert all(before), before
    prison.data.rename(folder / "lost")

    spare = ["--data", str(folder / "spare"), "--codes", CODES]
    number = re.search(r"^  ((?:[0-9a-f]{4}-){8}[0-9a-f]{4})$", prison.sheet, re.M).group(1)
    join = ["init", "--name", "HMP Made Up", "--kind", "prison", "--establishment", "LEI", "--staff", "Jo Made-Up", "--sign-in",
            "jo", "--new-password-file", prison.password, "--join", number]
    sheet = private_file(folder / "words", words_of(prison))
    mistyped = private_file(folder / "mistyped", re.sub(r"\b7 \w+", "7 hamstr", words_of(prison)))
    short = private_file(folder / "short", "1 hamster")
    other = private_file(folder / "other", words_of(partner))
    assert "word 7: no sheet uses this" in run(NODE, *spare, "--recovery-sheet", mistyped, *join, expect=1)
    assert "there is 1 word, and a recovery sheet has 24" in run(NODE, *spare, "--recovery-sheet", short, *join, expect=1)
    assert "not the number on the recovery sheet" in run(NODE, *spare, "--recovery-sheet", other, *join, expect=1)
    run(NODE, *spare, "--recovery-sheet", sheet, *join)

    as_jo = [*spare, "--as", "jo", "--password-file", prison.password]
    code = desk.json("desk", "invite", "HMP Made Up", "--kind", "prison", "--establishment", "LEI", "--another")["code"]
    words = json.loads(run(NODE, *as_jo, "--json", "enrol", code, "--hub", url))["words"]
    request = next(row for row in desk.json("desk", "requests") if row["words"] == words)
    desk.json("desk", "approve", request["request"], "--words", words)
    desk.run("sync")
    assert "another organisation's" in run(NODE, *as_jo, "--recovery-sheet", other, "sync", expect=1)
    run(NODE, *as_jo, "sync")  # everything comes, and what the central team has no part in is sealed
    assert json.loads(run(NODE, *as_jo, "--json", "record", "list", "site")) == []
    run(NODE, *as_jo, "--recovery-sheet", sheet, "sync")
    looked = run(NODE, *as_jo, "audit", "list")
    assert looked.count("Opened older records with the recovery sheet") == 2 and "All that came with one exchange" in looked, looked
    def now(*command):
        return json.loads(run(NODE, *as_jo, "--json", *command))
    def in_any_order(lists):  # they come in the order in which they reached this computer
        return [sorted(json.dumps(row, sort_keys=True) for row in rows) for rows in lists]
    after = [now(*command) for command in shown[1:]]
    assert in_any_order(after) == in_any_order(before[1:]), (after, before[1:])
    digests = {row["record"]: row for row in now("check", "--digest")}
    changed = [row for row in before[0] if digests[row["record"]] != row]
    assert len(changed) <= 1, changed  # the site's, to which Jo of this computer was added
    run(NODE, *as_jo, "record", "new", "volunteer", "family-name=Afterwards", "given-name=Al")
    run(NODE, *as_jo, "sync")


def same_at_one_place(desk, prison):
    """What two computers come to is the same at one place; one that is behind says so by its place."""
    def what_they_show():
        desks, prisons = [{row["record"]: (row["place"], row["digest"]) for row in site.json("check", "--digest")}
                          for site in (desk, prison)]
        return {record: (desks[record], prisons[record]) for record in desks.keys() & prisons.keys()}

    exchange(prison, desk, prison)
    before = what_they_show()
    assert before and all(desks == prisons and desks[0] > 0 for desks, prisons in before.values()), before
    record = next(row["record"] for row in prison.json("record", "list", "volunteer") if row["record"] in before)
    prison.run("record", "set", record, "known-as=Nan")
    prison.run("sync")
    (place, digest), (ahead, other) = what_they_show()[record]
    assert (place, digest) == before[record][0] and ahead == place + 1 and other != digest, (place, ahead)
    printed = prison.run("check", "--digest")
    assert re.search(rf"{record}\s+{ahead}\s+{other}", printed), printed


def wrong_usage(folder, prison):
    run(NODE, "--data", prison.data, expect=2)
    run(NODE, "--data", prison.data, "staff", expect=2)
    run(NODE, "staff", "list", expect=2)
    run(NODE, "--data", prison.data, "sync", "--bogus", expect=2)
    assert "There is no such command" in run(NODE, "--data", prison.data, "frob", expect=2)
    assert '"handover" has no such command' in run(NODE, "--data", prison.data, "handover", "frob", expect=2)
    assert "throughgate-hub" in run(HUB, "--help").split("Usage:")[1].splitlines()[0]
    assert "--new-password-file FILE at the end" in prison.run("staff", "password", "jo", expect=1)
    assert "--password-file FILE before" in run(NODE, "--data", prison.data, "--as", "jo", "status", expect=1)
    said = run(NODE, "--data", str(folder / "fresh"), "--password-file", prison.password, "init", "--name", "X",
               "--kind", "partner", "--staff", "Jo Made-Up", "--sign-in", "jo", expect=1)
    assert "--new-password-file FILE at the end" in said, said
    said = run(NODE, "--data", str(folder / "fresh"), "--codes", CODES, "init", "--name", "HMP X", "--kind", "prison",
               "--establishment", "LDS", "--staff", "Jo Made-Up", "--sign-in", "jo", "--new-password-file", prison.password,
               expect=1)
    assert "no prison with this code" in said and "Nothing was set up." in said, said
    assert not (folder / "fresh").exists()
    mistyped(folder, prison)
    (folder / "no-lists").mkdir()
    said = run(NODE, "--data", prison.data, "--as", "jo", "--password-file", prison.password, "--codes",
               str(folder / "no-lists"), "record", "codes", expect=1)
    assert "--codes FOLDER before the command" in said and "node.toml" in said, said
    run(NODE, "--data", str(folder / "nowhere"), "--as", "jo", "--password-file", prison.password, "status", expect=1)
    run(NODE, "--data", prison.data, "--as", "jo", "status", expect=1)  # nobody to ask
    prison.run("enrol", "--hub", "http://exchange.example.org", expect=1)  # plain http to another machine
    for words in (["staff", "add", "Al \udcff"], ["search", "\udcc3"], ["status", "--key-file", "\udcff"]):
        said = prison.run(*words, expect=2)  # bytes that are no text
        assert said.startswith("A word of this command holds signs that are not text") and len(said.splitlines()) == 1, said
    Path = pathlib.Path
    (prison.data / "keys").chmod(0o644)
    prison.run("status", expect=1)
    (prison.data / "keys").chmod(0o600)


def mistyped(folder, prison):
    """A word that names none of what there is: 2. What is only not so: 1."""
    said = run(NODE, "--data", str(folder / "fresh"), "init", "--name", "X", "--kind", "prision", "--staff", "Jo Made-Up",
               "--sign-in", "jo", expect=2)
    assert "a prison, a partner or central" in said, said
    prison.run("record", "list", "volunter", expect=2)
    prison.run("record", "codes", "langages", expect=2)
    prison.run("record", "new", "volunteer", "familly-name=X", expect=2)
    prison.run("handover", "new", "famly-name=X", expect=2)
    prison.run("record", "new", "volunteer", "family-name=X", "date-of-birth=yesterday", expect=1)
    prison.run("record", "show", "0000", expect=1)
    settings = prison.data / "node.toml"
    kept = settings.read_text() if settings.exists() else ""
    settings.write_text("[hub]\nulr = \"x\"\n")
    prison.run("status", expect=1)
    settings.write_text(kept)
    made = prison.json("handover", "new", "family-name=Mistyped", "given-name=Al")["record"]
    for field in ("stage", "state"):
        said = prison.run("record", "set", made, f"{field}=Shared", expect=2)
        assert "is not typed" in said and '"handover share"' in said, said
    prison.run("record", "set", made, "risk-to-staf=High", expect=2)
    prison.run("handover", "stop", made, "Withdrawn", "--because", "made up")


def no_secret_in_the_clear(folder):
    secrets = [PASSWORD.encode(), b"river teapot quarrel", b"Al Invented", b"Made-Up Partner"]
    ours = [path for kind in ("prison", "partner") for path in (folder / kind).iterdir() if path.name != "node.toml"]
    assert len(ours) >= 6
    for path in ours:
        assert path.stat().st_mode & 0o077 == 0, path
        assert not any(secret in path.read_bytes() for secret in secrets), path
    hub = (folder / "hub.db").read_bytes()
    assert not any(secret in hub for secret in secrets)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hub = Hub(folder)
        try:
            desk, prison, partner = whole_way(folder, hub)
            staff(folder, prison)
            at_the_same_moment(prison)
            records(prison)
            handed_over(desk, prison, partner)
            handed_over_as_the_guide_says(prison, partner)
            volunteers(folder, prison)
            unattended(folder, prison)
            pages(folder, prison)
            keys_moved_away(folder, prison)
            backed_up_and_restored(folder, prison)
            wrong_usage(folder, prison)
            assert prison.json("check")["faults"] == 0
            same_at_one_place(desk, prison)
            lost_and_rebuilt(folder, desk, prison, partner)
            pathlib.Path(folder, "lost").rename(prison.data)
            no_secret_in_the_clear(folder)
            hub.stop()
            prison.run("sync", expect=1)  # nobody answers
        finally:
            hub.stop()
    print("command line: all as promised")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))

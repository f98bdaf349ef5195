#!/usr/bin/env python3
"""The real programs: the exchange is put back from an old copy and begins anew. What a switched-off computer still holds is
waited for, and the desk ends the wait: of one record, then of all. Made-up people.

usage: opening_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import pathlib
import re
import sys
import tempfile

from real_programs import COMPLETE, HUB, Hub, Refused, bring_up, exchange, grounded, refused_for, run


def shared(prison):
    case = prison.json("handover", "new", "family-name=Invented")["record"]
    prison.run("record", "set", case, *COMPLETE)
    prison.run("record", "new", "need", "pathway=Somewhere to live", "--in", case)
    grounded(prison, case)
    prison.run("handover", "share", case, "--with", "Made-Up Partner")
    return case


def begun_anew(hub, desk):
    """As the operator does it, and the desk confirms; the partner's computer is switched off from here on."""
    hub.stop()
    said = run(HUB, "--settings", hub.settings, "new-instance")
    instance = re.search(r"instance:\s+([0-9a-f]{32})", said).group(1)
    url = hub.serve()
    (desk.data / "node.toml").write_text(f'[hub]\nurl = "{url}"\n')
    desk.run("desk", "hub", "--hub-instance", instance)
    exchange(desk)
    return url


def unsent(prison):
    return prison.json("status")["changes_not_sent_yet"]


def walk(folder):
    hub = Hub(folder)
    try:
        desk, prison, partner = bring_up(folder, hub)
        first, second = shared(prison), shared(prison)
        exchange(prison, partner, desk, prison)
        assert desk.json("desk", "open") == [], "nothing waits before the exchange has begun anew"
        url = begun_anew(hub, desk)
        (prison.data / "node.toml").write_text(f'[hub]\nurl = "{url}"\n')
        for case in (first, second):
            prison.run("record", "set", case, "sender-name=Sam Made-Up")
        exchange(prison, desk, prison)
        assert unsent(prison) == 2, unsent(prison)
        waiting = {row["record"] for row in desk.json("desk", "open")}
        assert {first.split("/")[0], second.split("/")[0]} <= waiting, waiting

        refused_for(prison, "", "desk", "open", "--all")  # a site does not decide it
        refused_for(desk, "No such record waits", "desk", "open", "ffffffff")
        desk.run("desk", "open", first.split("/")[0])
        exchange(desk, prison, desk, prison)
        assert unsent(prison) == 1, unsent(prison)
        desk.run("desk", "open", "--all")
        exchange(desk, prison, desk)
        assert unsent(prison) == 0, unsent(prison)
        assert desk.json("desk", "open") == []
    finally:
        hub.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        try:
            walk(pathlib.Path(made))
        except Refused as refused:
            sys.exit(str(refused))

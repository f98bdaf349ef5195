#!/usr/bin/env python3
"""The real programs with clocks that are wrong by a hundred years (libfaketime): one site's ahead and another's behind, then
the exchange's own. All that they record is taken, every store comes to the same, what is dated ahead wins nothing once clocks
are right, and people are told. Made-up people.

usage: wrong_clock_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import pathlib
import sys
import tempfile

from cli_test import Browser
from contact_test import LIBRARY, clock
from real_programs import COMPLETE, PASSWORD, Hub, Refused, bring_up, exchange, grounded, pages_of

AHEAD, BEHIND = "+100y", "-100y"


def at(shift, site, *arguments):
    with clock(shift):
        return site.json(*arguments)


def shared(prison, partner):
    """A handover that both may write to; the number of its one need."""
    case = prison.json("handover", "new", "family-name=Invented")["record"]
    prison.json("record", "set", case, *COMPLETE)
    need = prison.json("record", "new", "need", "pathway=Somewhere to live", "need=a room", "--in", case)["record"]
    grounded(prison, case)
    prison.run("handover", "share", case, "--with", "Made-Up Partner")
    exchange(prison, partner)
    return need


def synced(shift, site):
    """What the sync says of the clock; nothing else may be wrong."""
    counts = at(shift, site, "sync")
    assert (counts["refused"], counts["taken_back"], counts["did_not_hold"]) == (0, 0, 0), counts
    assert at(shift, site, "status")["changes_not_sent_yet"] == 0
    return counts["this_computer's_clock"]


def all_agree(*sites):
    """On every record that two of them hold, by what it comes to."""
    for _ in range(2):
        exchange(*sites)
    digests = [{row["record"]: (row["place"], row["digest"]) for row in site.json("check", "--digest")} for site in sites]
    for i, one in enumerate(digests):
        for other in digests[:i]:
            both = one.keys() & other.keys()
            assert both and all(one[record] == other[record] for record in both), (one, other)
    for site in sites:
        status = site.json("status")
        assert status["changes_not_sent_yet"] == 0 and status["changes_waiting_for_access"] == 0, status


def needed(site, need):
    return site.json("record", "show", need)["need"]


def all_see(need, words, *sites):
    saw = [needed(site, need) for site in sites]
    assert saw == [words] * len(sites), (words, saw)


def own_record(shift, site, name):
    made = at(shift, site, "record", "new", "volunteer", "given-name=Cy", f"family-name={name}")["record"]
    assert at(shift, site, "record", "show", made)["family_name"] == name
    return made


def people_are_told(folder, shift, site, words):
    with clock(shift):
        assert words in site.run("status"), site.run("status")
        with pages_of(site, folder / "serve.log") as (_, port):
            browser = Browser(port)
            assert browser.sign_in("jo", PASSWORD) == 303
            assert "clock may be wrong" in browser.ask("GET", "/")[1]
            assert words in browser.ask("GET", "/sync")[1]


def both_wrong(need, sites, ahead, behind):
    """One a hundred years ahead and one as much behind, at once; then both right."""
    made = [own_record(AHEAD, ahead, "Pretended"), own_record(BEHIND, behind, "Supposed")]
    at(BEHIND, behind, "record", "set", need, "need=said from far behind")
    at(AHEAD, ahead, "record", "set", need, "need=said from far ahead", "--reason", "made up")
    assert needed(ahead, need) == "said from far ahead"
    assert synced(AHEAD, ahead).endswith("ahead")
    assert synced(BEHIND, behind).endswith("behind")
    all_agree(*sites)
    for site, record in zip((ahead, behind), made):
        assert site.json("record", "show", record)["given_name"] == "Cy"
    values = {row["value"] for row in behind.json("record", "history", need, "--field", "need")}
    assert {"said from far behind", "said from far ahead"} <= values, values  # nothing is lost
    all_see(need, "said from far ahead", ahead, behind)


def ahead_wins_nothing(need, sites, ahead, other):
    """Written ahead and placed; then by a right clock, by somebody who had not seen it."""
    at(AHEAD, ahead, "record", "set", need, "need=dated ahead")
    synced(AHEAD, ahead)
    other.json("record", "set", need, "need=later, by a right clock")
    all_agree(*sites)
    all_see(need, "later, by a right clock", ahead, other)


def put_right(need, sites, writer):
    writer.json("record", "set", need, "need=since put right")
    exchange(writer, *sites)
    all_see(need, "since put right", *sites[1:])


def hub_wrong(hub, need, sites, shift):
    """The exchange's clock, and then right again: what it placed meanwhile stands, and what is written after wins."""
    desk, prison, partner = sites
    hub.stop()
    with clock(shift):
        hub.serve()
    prison.json("record", "set", need, f"need=placed at {shift}")
    for site in sites:
        said = synced("+0", site)
        assert ("behind" if shift == AHEAD else "ahead") in said, said
    all_see(need, f"placed at {shift}", prison, partner)
    hub.stop()
    hub.serve()
    partner.json("record", "set", need, f"need=after {shift}")
    all_agree(*sites)
    all_see(need, f"after {shift}", prison, partner)


def main():
    if not LIBRARY:
        raise Refused("tools/setup --tests installs libfaketime")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hub = Hub(folder)
        try:
            sites = desk, prison, partner = bring_up(folder, hub)
            need = shared(prison, partner)
            people_are_told(folder, AHEAD, prison, "jumped by more than a year")
            people_are_told(folder, BEHIND, partner, "behind: others have told of a later time")
            for ahead, behind in (prison, partner), (partner, prison):
                both_wrong(need, sites, ahead, behind)
                put_right(need, sites, behind)
                ahead_wins_nothing(need, sites, ahead, behind)
            for shift in BEHIND, AHEAD:
                hub_wrong(hub, need, sites, shift)
            for site in sites:
                site.run("check")
        finally:
            hub.stop()
    print("clocks wrong by a hundred years: all as promised")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))

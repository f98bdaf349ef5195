#!/usr/bin/env python3
"""The real programs and a folder for a stick: two sites that are never on a network again once they have been let in
hand a case from one to the other, and an exchange that nobody reaches puts it in order. Made-up people.

usage: bundle_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import json
import pathlib
import random
import re
import resource
import signal
import string
import subprocess
import sys
import tempfile

from real_programs import CODES, COMPLETE, HUB, NODE, Hub, Refused, bring_up, exchange, grounded, refused_for, run


def carry(site, to, stick, *more):
    rows = site.json("bundle", "export", "--to", to, str(stick), *more)
    for row in rows:
        path = stick / row["file"]
        assert re.fullmatch(r"throughgate-[a-z]{8}(-\d+-of-\d+)?\.tgb", row["file"]), row
        assert path.stat().st_size == row["bytes"], row
    return [str(stick / row["file"]) for row in rows]


def take(site, files):
    return site.json("bundle", "import", *files)


def shared_by_stick(prison, partner, stick):
    case = prison.json("handover", "new", "family-name=Invented")["record"]
    prison.json("record", "set", case, *COMPLETE)
    prison.json("record", "new", "need", "pathway=Somewhere to live", "--in", case)
    grounded(prison, case)
    prison.run("handover", "share", case, "--with", "Made-Up Partner")
    refused_for(prison, "no such organisation", "bundle", "export", "--to", "Nobody", str(stick))
    refused_for(prison, "no such folder", "bundle", "export", "--to", "Made-Up Partner", str(stick / "none"))
    files = carry(prison, "Made-Up Partner", stick)
    counts = take(partner, files)
    assert counts["received,_not_confirmed_yet"] > 0 and counts["new_access"] > 0, counts
    assert set(take(partner, files).values()) == {0}  # again, nothing
    row, = partner.json("handover", "list")
    assert (row["handover"], row["stage"], row["family_name"]) == (case, "Shared", "Invented"), row
    return case, files


def looked_at(prison, partner, desk, files, stick):
    facts = partner.json("bundle", "inspect", files[0])
    assert facts["you_can_open_it"] and facts["made_by"] == "HMP Made Up, Reception PC", facts
    assert facts["for"] == ["Made-Up Partner, Reception PC"] and facts["part"] == facts["of"] == 1, facts
    assert not desk.json("bundle", "inspect", files[0])["you_can_open_it"]
    refused_for(desk, "for another organisation", "bundle", "import", files[0])
    refused_for(prison, "made on this computer", "bundle", "import", files[0])
    whole = pathlib.Path(files[0]).read_bytes()
    bad = stick / "bad.tgb"
    for words, content in (
            ("copied only in part", whole[:-1]), ("copied only in part", whole[:300]),
            ("changed or damaged", whole[:-1] + bytes([whole[-1] ^ 1])), ("changed or damaged", whole + b"x"),
            ("newer version", whole[:8] + b"\2" + whole[9:]), ("not a Throughgate bundle", b"PK\3\4" + whole),
            ("larger than a bundle can be", whole + bytes(34 << 20))):
        bad.write_bytes(content)
        for command in "import", "inspect":
            refused_for(partner, words, "bundle", command, str(bad))
    refused_for(partner, "This is a folder", "bundle", "import", str(stick))
    bad.unlink()
    bad.symlink_to(files[0])
    refused_for(partner, "no such file", "bundle", "import", str(bad))
    bad.unlink()
    partner.run("bundle", "export", "--to", "HMP Made Up", "--limit-mb", "0", str(stick), expect=2)


def full(prison, case, stick):
    """A stick on which nothing more fits: it says so, and leaves nothing there."""
    for i in range(18):  # a file may have 40,000 bytes at most, as the store's own need more than 32 KiB
        reason = "".join(random.choices(string.ascii_letters + string.digits, k=3900))
        prison.run("record", "set", case, f"release-area=Leeds {i}", "--reason", reason)
    before = sorted(stick.iterdir())
    done = subprocess.run([NODE, "--data", prison.data, "--as", "jo", "--password-file", prison.password, "--codes", CODES,
                           "bundle", "export", "--to", "Made-Up Partner", str(stick)], capture_output=True, text=True,
                          restore_signals=False,
                          preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                              resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))))
    assert done.returncode == 1 and "There is not enough room" in done.stderr, done
    assert sorted(stick.iterdir()) == before


def hub_bundle(hub, *arguments, expect=0):
    said = run(HUB, "--settings", hub.settings, "bundle", *arguments, expect=expect)
    return json.loads(said) if "--json" in arguments and expect == 0 else said


def put_in_order(hub, desk, prison, partner, case, stick):
    """Somebody carries both sites' work to the exchange, and its order back: then each knows what has its place."""
    refused = carry(prison, "Made-Up Partner", stick)[0]
    assert "for a site, not for the exchange" in hub_bundle(hub, "import", refused, expect=1)
    first = carry(prison, "hub", stick)
    for _ in range(2):  # whoever is brought it keeps it unopened, to be passed on
        assert take(partner, first[:1])["for_the_exchange,_to_be_passed_on"] == 1
    placed = [hub_bundle(hub, "import", each, "--json") for each in first]
    assert placed[0]["given_a_place"] > 0 and placed[0]["refused"] == placed[0]["waiting"] == 0, placed
    again = hub_bundle(hub, "import", first[0], "--json")
    assert again["given_a_place"] == 0 and again["already_here"] == placed[0]["given_a_place"], again
    files = carry(partner, "hub", stick)
    assert len(files) == 2 and pathlib.Path(files[1]).read_bytes() == pathlib.Path(first[0]).read_bytes(), files
    second = hub_bundle(hub, "import", files[0], "--json")
    assert second["already_here"] > 0 and second["refused"] == second["waiting"] == 0, second  # the prison had brought it
    for site, name in (prison, "HMP Made Up"), (partner, "made-up partner"):
        row, = hub_bundle(hub, "export", "--to", name, str(stick), "--json")
        counts = take(site, [str(stick / row["file"])])
        assert counts["ours,_confirmed"] > 0 and counts["did_not_hold"] == 0, counts
        assert site.json("status")["changes_not_sent_yet"] == 0
        assert set(take(site, [str(stick / row["file"])]).values()) == {0}
    assert "no organisation of that name" in hub_bundle(hub, "export", "--to", "Nobody", str(stick), expect=1)
    assert prison.json("handover", "show", case)["stage"] == "Accepted"


def by_network_the_same(hub, desk, prison, partner, case):
    shown = [site.json("handover", "show", case)["facts"] for site in (prison, partner)]
    records = [site.json("record", "show", case) for site in (prison, partner)]
    hub.serve()
    url = re.search(r"port = (\d+)", pathlib.Path(hub.settings).read_text()).group(1)
    assert url
    for site in prison, partner, desk, prison, partner:
        counts = site.json("sync")
        assert counts["did_not_hold"] == counts["refused"] == counts["taken_back"] == 0, counts
    assert [site.json("handover", "show", case)["facts"] for site in (prison, partner)] == shown
    assert [site.json("record", "show", case) for site in (prison, partner)] == records
    assert desk.json("handover", "show", case)["stage"] == "Accepted"
    for site in desk, prison, partner:
        assert site.json("check")["faults"] == 0


def passed_on(prison, partner, stick):
    """A prison that no network reaches, and a partner that is no member of what it wrote: its next sync takes it along, and
    brings the prison word that it has arrived."""
    prison.json("record", "new", "volunteer", "given-name=Alex", "family-name=Invented")  # none of the partner's
    assert prison.json("status")["changes_not_sent_yet"] > 0
    files = carry(prison, "hub", stick)
    taken = take(partner, files)
    assert taken.pop("for_the_exchange,_to_be_passed_on") == len(files) and set(taken.values()) == {0}, taken
    row, *_ = [each for each in partner.json("bundle", "passed-on") if "waits" in each["stands"]]
    assert row["made_by"] == "HMP Made Up, Reception PC" and row["answers"] == 0, row
    synced = partner.json("sync")
    assert synced["passed_on_for_others"] >= 1 and synced["received"] == 0, synced
    assert not any("waits" in each["stands"] for each in partner.json("bundle", "passed-on"))
    answers = partner.json("bundle", "passed-on", "--answers", str(stick))
    assert answers and {each["for"] for each in answers} == {"HMP Made Up, Reception PC"}, answers
    refused_for(partner, "for another organisation", "bundle", "import", str(stick / answers[0]["file"]))
    confirmed = take(prison, [str(stick / each["file"]) for each in answers])
    assert confirmed["ours,_confirmed"] > 0 and confirmed["did_not_hold"] == 0, confirmed
    assert prison.json("status")["changes_not_sent_yet"] == 0
    number = str(answers[0]["number"])
    partner.run("bundle", "brought-back", number)
    assert number not in {str(each["number"]) for each in partner.json("bundle", "passed-on", "--answers", str(stick))}
    refused_for(partner, "does not wait any more", "bundle", "give-up", number, "--confirm")
    damaged = stick / "damaged.tgb"
    damaged.write_bytes(pathlib.Path(files[0]).read_bytes()[:-1])
    refused_for(partner, "copied only in part", "bundle", "import", str(damaged))
    damaged.unlink()


def no_words_on_the_stick(stick):
    for path in stick.iterdir():
        content = path.read_bytes()
        assert not any(word in content for word in (b"Invented", b"Alex", b"HMP", b"Partner", b"07700")), path


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        stick = folder / "stick"
        stick.mkdir()
        hub = Hub(folder)
        try:
            desk, prison, partner = bring_up(folder, hub)
            hub.stop()  # the last time that anybody is on a network
            case, files = shared_by_stick(prison, partner, stick)
            looked_at(prison, partner, desk, files, stick)
            full(prison, case, stick)
            partner.run("handover", "accept", case, "--contact", "Kim, 07700 900111")
            assert take(prison, carry(partner, "HMP Made Up", stick))["received,_not_confirmed_yet"] > 0
            assert prison.json("handover", "show", case)["stage"] == "Accepted"
            assert len(carry(prison, "all", stick)) == 2  # one for the partner, one for the central team
            put_in_order(hub, desk, prison, partner, case, stick)
            no_words_on_the_stick(stick)
            by_network_the_same(hub, desk, prison, partner, case)
            passed_on(prison, partner, stick)
            no_words_on_the_stick(stick)
        finally:
            hub.stop()
    print("bundles: all as promised")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))

#!/usr/bin/env python3
"""The real programs: a prison has a volunteer and a handover erased; a partner is away meanwhile, comes back, and puts
an old copy of its store back. Made-up people.

usage: erasure_test.py THROUGHGATE-HUB THROUGHGATE-NODE SEARCH-STORE CODES-FOLDER"""
import contextlib
import json
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HUB, NODE, SEARCH, CODES = sys.argv[1:5]
PASSWORD = "plum lantern otter 9"
VOLUNTEER, PERSON = "Rosemary Planted-Volunteer", "Wormwood Planted-Person"


def run(program, *arguments, expect=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout if expect == 0 else done.stderr


def private_file(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return str(path)


def free_port():
    """Below those that the system hands out by itself."""
    for _ in range(100):
        with socket.socket() as door, contextlib.suppress(OSError):
            port = random.SystemRandom().randrange(20_000, 32_000)
            door.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


class Site:
    def __init__(self, folder, name, kind, *more):
        self.data = folder / kind
        self.password = private_file(folder / f"{kind}.password", PASSWORD)
        run(NODE, "--data", str(self.data), "--codes", CODES, "init", "--name", name, "--kind", kind, "--staff",
            "Jo Made-Up", "--sign-in", "jo", "--new-password-file", self.password, *more)
        self.key_file = str(folder / f"{kind}.key")
        self.run("key-file", self.key_file)

    def run(self, *arguments, expect=0):
        return run(NODE, "--data", str(self.data), "--as", "jo", "--password-file", self.password, "--codes", CODES,
                   *arguments, expect=expect)

    def json(self, *arguments):
        return json.loads(self.run("--json", *arguments))

    def sync(self):
        return self.json("sync")

    def found(self, *words):
        """Which of the words stand in any page of its store, looked at in a copy."""
        with tempfile.TemporaryDirectory() as copy:
            for part in self.data.glob("store.db*"):
                shutil.copy(part, copy)
            searched = json.loads(run(SEARCH, f"{copy}/store.db", "node", str(self.data), self.key_file, *words))
        return [word for word, pages in searched["found"].items() if pages]


class Hub:
    def __init__(self, folder):
        self.store, self.key_file = folder / "hub.db", str(folder / "hub.key")
        self.settings = str(folder / "hub.toml")
        pathlib.Path(self.settings).write_text(
            f'[store]\nfile = "{self.store}"\nkey_file = "{self.key_file}"\n[server]\nport = {free_port()}\n')
        self.printed = private_file(folder / "hub.txt", run(HUB, "--settings", self.settings, "init"))
        self.process = None

    def serve(self):
        log = pathlib.Path(self.settings).with_suffix(".log")
        with open(log, "wb") as out:
            self.process = subprocess.Popen([HUB, "--settings", self.settings, "serve"], stdout=out)
        for _ in range(600):
            found = re.search(rb"Listening on (\S+) port (\d+)", log.read_bytes())
            if found:
                return f"http://{found.group(1).decode()}:{found.group(2).decode()}"
            assert self.process.poll() is None, "the hub did not start"
            time.sleep(0.05)
        raise AssertionError("the hub did not start")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)


def enrol(desk, site, url, *invitation):
    code = desk.json("desk", "invite", *invitation)["code"]
    words = site.json("enrol", code, "--hub", url, "--label", "Reception PC")["words"]
    request = next(row for row in desk.json("desk", "requests") if row["words"] == words)
    desk.run("desk", "approve", request["request"], "--words", words)
    desk.sync()
    site.sync()


def bring_up(folder, hub):
    desk = Site(folder, "Central Made-Up Team", "central")
    listed = str(folder / "list")
    facts = desk.json("desk", "init", "--name", "Central Made-Up Team", "--hub-file", hub.printed, "--list", listed)
    run(HUB, "--settings", hub.settings, "trust", facts["key"], "--list", listed, "--words", facts["key_words"])
    url = hub.serve()
    (desk.data / "node.toml").write_text(f'[hub]\nurl = "{url}"\n')
    desk.sync()
    prison = Site(folder, "HMP Made Up", "prison", "--establishment", "LEI")
    partner = Site(folder, "Made-Up Partner", "partner")
    enrol(desk, prison, url, "HMP Made Up", "--kind", "prison", "--establishment", "LEI")
    enrol(desk, partner, url, "Made-Up Partner", "--kind", "partner")
    desk.run("desk", "agree", "HMP Made Up", "Made-Up Partner", "--kinds", "handovers,volunteers", "--until",
             "2099-12-31")
    for site in desk, prison, partner:
        site.sync()
    return desk, prison, partner


def record_both(prison):
    volunteer = prison.json("record", "new", "volunteer", "given-name=Rosemary", f"family-name={VOLUNTEER}")["record"]
    prison.run("record", "new", "volunteer-file", f"volunteer={volunteer}")
    handover = prison.json("handover", "new", "given-name=Alex", f"family-name={PERSON}", "date-of-birth=1990-05-06",
                           "prison-number=A1234BC", "establishment=LEI", "languages=English",
                           "communication-needs=none", "release-date=2099-12-04", "release-date-confidence=Likely",
                           "release-type=CR", "release-area=Leeds", "contact-route=through the prison",
                           "risk-to-staff=Medium", "licence-headline=none", "first-appointment-on=2099-12-04",
                           "sender-telephone=07700 900100")["record"]
    prison.run("record", "new", "need", "--in", handover, "pathway=Accommodation", "need=somewhere to live")
    return volunteer, handover


def erased(desk, prison, record):
    """Asked for, seen by the desk with what goes, and signed."""
    said = prison.run("erase", "request", record, "--reason", "they asked")
    assert "Nothing has been asked for yet" in said, said
    prison.run("erase", "request", record, "--reason", "they asked", "--confirm")
    prison.sync()
    desk.sync()
    asked, = desk.json("desk", "erasures")
    assert asked["standing"] == "Asked for" and asked["against_it"] == "", asked
    assert "Nothing has been erased yet" in desk.run("desk", "erase", asked["request"])
    desk.run("desk", "erase", asked["request"], "--confirm")
    desk.sync()
    prison.sync()
    desk.sync()


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
        covered = [word for kind in ("IDENTITY", "CONTACT", "RELEASE", "RISK_FLAGS", "RISK_LEVELS", "LICENCE", "NEEDS",
                                     "HEALTH") for word in ("--what", kind)]
        prison.run("handover", "basis", handover, "--with", "Made-Up Partner", "--law", "UK GDPR", "--ground",
                   "Public task", "--purpose", "support after release", *covered)
        prison.run("handover", "share", handover, "--with", "Made-Up Partner")
        for site in prison, desk, partner, prison:
            site.sync()
        assert partner.found(PERSON) == [PERSON.lower()]
        assert set(desk.found(PERSON, VOLUNTEER)) == {PERSON.lower(), VOLUNTEER.lower()}
        old = folder / "old"
        shutil.copytree(partner.data, old)

        erased(desk, prison, volunteer)
        erased(desk, prison, handover)
        assert prison.found(PERSON, VOLUNTEER) == [] and desk.found(PERSON, VOLUNTEER) == []
        assert partner.found(PERSON) == [PERSON.lower()]  # away meanwhile
        assert owing(desk) == {"Made-Up Partner, Reception PC": 3}, owing(desk)

        partner.sync()
        assert partner.found(PERSON) == []
        desk.sync()
        assert owing(desk) == {}, owing(desk)
        assert {row["standing"] for row in prison.json("erase", "list", "--all")} == {"Erased"}

        shutil.rmtree(partner.data)
        shutil.copytree(old, partner.data)
        assert partner.found(PERSON) == [PERSON.lower()]
        partner.sync()
        for site in partner, prison, desk:
            site.sync()
            assert site.found(PERSON, VOLUNTEER) == [], site.data
        assert partner.json("handover", "list") == []
        searched = json.loads(run(SEARCH, str(hub.store), "hub", hub.key_file, PERSON, VOLUNTEER))
        assert not any(searched["found"].values()), searched
    finally:
        hub.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(pathlib.Path(made))
    print("erased everywhere, and nothing came back")

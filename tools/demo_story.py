#!/usr/bin/env python3
"""The story that tools/demo plays: a hub, the central team's desk, two prisons and two partners, each its own process with
its own encrypted store. What is said at each step has been read back through commands of other processes.

usage: demo_story.py --programs BUILD-FOLDER [--check] [--seed N]"""
import argparse
import json
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSWORD = "plum lantern otter 9"


class Broken(Exception):
    """Something in the story did not hold."""


def see(what, saw, wanted):
    """Says what was seen; the story ends here unless it is what was wanted."""
    if saw != wanted:
        raise Broken(f"{what}: wanted {wanted!r}, saw {saw!r}")
    print(f"   {what}: {saw}")


def private_file(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return str(path)


class Site:
    """One organisation's computer: its folder, and the program run over it."""

    def __init__(self, world, name, kind, person, *more):
        self.world, self.name, self.kind = world, name, kind
        self.sign_in = person.split()[0].lower()
        self.data = world.folder / re.sub(r"\W+", "-", name.lower())
        self.password = private_file(world.folder / f"{self.data.name}.password", PASSWORD)
        self.arguments = ["--data", str(self.data), "--as", self.sign_in, "--password-file", self.password,
                          "--codes", str(ROOT / "config/codes")]
        world.run(world.node, "--data", str(self.data), "init", "--name", name, "--kind", kind, "--staff", person,
                  "--sign-in", self.sign_in, "--new-password-file", self.password, *more)

    def run(self, *command):
        return self.world.run(self.world.node, *self.arguments, *command)

    def json(self, *command):
        return json.loads(self.run("--json", *command))

    def refused(self, *command):
        """What the program says when it refuses."""
        return self.world.run(self.world.node, *self.arguments, *command, expect=1).strip().splitlines()[-1]

    def start(self, *command):
        return subprocess.Popen([str(self.world.node), *self.arguments, *command], stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def holds(self, kind):
        return len(self.json("record", "list", kind, "--limit", "500"))


class World:
    def __init__(self, folder, programs):
        self.folder = folder
        self.node = (programs / "node/throughgate-node").resolve()
        self.hub = (programs / "hub/throughgate-hub").resolve()
        self.settings = folder / "hub.toml"
        self.settings.write_text(f'[store]\nfile = "{folder}/hub.db"\nkey_file = "{folder}/hub.key"\n[server]\nport = 0\n')
        self.hub_process, self.url, self.commands = None, None, 0

    def run(self, program, *arguments, expect=0):
        self.commands += 1
        done = subprocess.run([str(program), *map(str, arguments)], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, start_new_session=True, check=False)
        if done.returncode != expect:
            raise Broken(f"{program.name} {' '.join(map(str, arguments[-6:]))}: exit code {done.returncode}, "
                         f"not {expect}\n{done.stdout}{done.stderr}")
        return done.stdout if expect == 0 else done.stderr

    def hub_run(self, *arguments):
        return self.run(self.hub, "--settings", self.settings, *arguments)

    def serve(self):
        if self.url:  # the same door again
            port = self.url.rsplit(":", 1)[1]
            self.settings.write_text(re.sub(r"port = \d+", f"port = {port}", self.settings.read_text()))
        self.hub_process = subprocess.Popen([str(self.hub), "--settings", str(self.settings), "serve"],
                                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.hub_process.stdout:
            found = re.search(r"Listening on (\S+) port (\d+)", line)
            if found:
                self.url = f"http://{found.group(1)}:{found.group(2)}"
                return
        raise Broken("the hub did not start")

    def stop_hub(self):
        if self.hub_process:
            self.hub_process.terminate()
            self.hub_process.wait(20)
            self.hub_process = None


def step(title):
    print(f"\n{title}")


def enrol(desk, site, world, *invitation):
    code = desk.json("desk", "invite", site.name, *invitation)["code"]
    words = site.json("enrol", code, "--hub", world.url, "--label", "Reception PC")["words"]
    request = next(row for row in desk.json("desk", "requests") if row["words"] == words)
    desk.run("desk", "approve", request["request"], "--words", words)
    desk.run("sync")
    site.run("sync")


def bring_up(world):
    step("1. A hub, the central team's desk and four sites come up; the sites are invited, enrol and are approved")
    printed = private_file(world.folder / "hub.txt", world.hub_run("init"))
    desk = Site(world, "Central Team", "central", "Dee Example")
    first_list = world.folder / "first-list"
    facts = desk.json("desk", "init", "--name", "Central Team", "--hub-file", printed, "--list", str(first_list))
    world.hub_run("trust", facts["key"], "--list", first_list)
    world.serve()
    (desk.data / "node.toml").write_text(f'[hub]\nurl = "{world.url}"\n')
    desk.run("sync")
    leeds = Site(world, "HMP Leeds", "prison", "Ann Example", "--establishment", "LEI")
    durham = Site(world, "HMP Durham", "prison", "Bob Example", "--establishment", "DMI")
    bridge = Site(world, "Bridge Trust", "partner", "Cat Example")
    harbour = Site(world, "Harbour Project", "partner", "Dan Example")
    enrol(desk, leeds, world, "--kind", "prison", "--establishment", "LEI")
    enrol(desk, durham, world, "--kind", "prison", "--establishment", "DMI")
    enrol(desk, bridge, world, "--kind", "partner")
    enrol(desk, harbour, world, "--kind", "partner")
    desk.run("desk", "agree", "HMP Leeds", "Bridge Trust", "--kinds", "case", "--until", "2099-12-31")
    desk.run("sync")
    for site in (leeds, durham, bridge, harbour):
        site.run("sync")
    listed = [row for row in harbour.json("desk", "directory") if row["what"] == "organisation"]
    see("organisations in the list that the Harbour Project holds", len(listed), 5)
    return desk, leeds, durham, bridge, harbour


def sync(*sites):
    for site in sites:
        site.run("sync")


def spreadsheets(world, desk, leeds, durham, partners):
    step("2. Each prison imports its spreadsheet of volunteers; the central team receives the part that travels")
    world.run(ROOT / "tools/generate_data", world.folder / "sheets", "--prisons", "2", "--partners", "1",
              "--prison-volunteers", "12", "--partner-volunteers", "1", "--handovers", "1", "--seed", "7", "--messy")
    sheets = sorted((world.folder / "sheets").glob("prison-*.csv"))
    made = 0
    for site, sheet in zip((leeds, durham), sheets):
        dry = site.json("volunteer", "import", str(sheet), "--dry-run")
        see(f"volunteers at {site.name} after a dry run", site.holds("volunteer"), 0)
        done = site.json("volunteer", "import", str(sheet))
        see(f"{site.name}: rows made, as the dry run said", done["made"], dry["would_be_made"])
        again = site.json("volunteer", "import", str(sheet))
        see(f"{site.name}: made by importing the same file again", again["made"], 0)
        see(f"volunteers at {site.name}", site.holds("volunteer"), done["made"])
        made += done["made"]
    sync(leeds, durham, desk, *partners)
    see("volunteers at the desk", desk.holds("volunteer"), made)
    for site in partners:
        see(f"volunteers at {site.name}", site.holds("volunteer"), 0)


COMPLETE = ["given-name=Alex", "family-name=Quillfeather", "date-of-birth=1990-05-06", "prison-number=A1234BC",
            "establishment=LEI", "languages=English", "communication-needs=none", "release-date=2099-12-04",
            "release-date-confidence=Likely", "release-type=CR", "release-area=Leeds",
            "contact-route=through the prison", "risk-to-staff=Medium", "risk-to-public=Medium", "licence-headline=not near the old town",
            "first-appointment-on=2099-12-04", "sender-telephone=07700 900100", "handover-code=123456"]


def handover(desk, leeds, durham, bridge):
    step("3. HMP Leeds makes a handover; without a ground or an agreement it cannot be shared; with both it is")
    case = leeds.json("handover", "new", "family-name=Quillfeather")["record"]
    print(f"   not complete: {leeds.refused('handover', 'share', case, '--with', 'Bridge Trust')}")
    leeds.run("record", "set", case, *COMPLETE)
    leeds.run("record", "new", "need", "pathway=Somewhere to live", "--in", case)
    print(f"   no ground: {leeds.refused('handover', 'share', case, '--with', 'Bridge Trust')}")
    leeds.run("handover", "basis", case, "--with", "Bridge Trust", "--law", "UK GDPR", "--ground", "Public task",
              "--purpose", "support after release", "--what", "IDENTITY", "--what", "Release date and kind")
    print(f"   no agreement: {leeds.refused('handover', 'share', case, '--with', 'Harbour Project')}")
    leeds.run("handover", "share", case, "--with", "Bridge Trust")
    return case


def where_is(site, case, field):
    return next(row for row in site.json("handover", "show", case)["changes"] if row["field"] == field)["where_it_is"]


def answered(leeds, bridge, case):
    step("4. The partner syncs, sees it, reads and accepts it; the prison sees that it was sent, has arrived and was read")
    print(f"   before a sync: {where_is(leeds, case, 'Expected release date')}")
    sync(leeds, bridge)
    listed = bridge.json("handover", "list")
    see("handovers at Bridge Trust", [(row["stage"], row["family_name"]) for row in listed], [("Sent", "Quillfeather")])
    sync(bridge, leeds)
    print(f"   before anybody read it: {where_is(leeds, case, 'Expected release date')}")
    bridge.run("handover", "read", case)
    bridge.run("handover", "accept", case, "--contact", "Cat, 07700 900111")
    sync(bridge, leeds, bridge, leeds)
    said = where_is(leeds, case, "Expected release date")
    print(f"   after: {said}")
    see("it says arrived and read", bool(re.search(r"Arrived at Bridge Trust.*Read by Cat Example", said)), True)
    see("stage at HMP Leeds", leeds.json("handover", "show", case)["stage"], "Accepted")


def offline(world, leeds, bridge, case):
    step("5. The hub goes down. The prison moves the date and raises a risk; the partner, knowing nothing, changes the same date")
    world.stop_hub()
    print(f"   a sync now says: {leeds.refused('sync')}")
    leeds.run("record", "set", case, "release-date=2099-12-01", "--reason", "brought forward")
    leeds.run("record", "set", case, "risk-to-public=High", "--reason", "new information")
    bridge.run("handover", "plan", case, "meeting-place=Main gate", "meeting-time=08:30")
    bridge.run("record", "set", case, "release-date=2099-12-15", "--reason", "heard by telephone")
    bridge.run("record", "set", case, "risk-to-public=Low", "--reason", "seems calm")
    see("waits at HMP Leeds to be sent", leeds.json("status")["changes_not_sent_yet"], 2)


def together_again(world, desk, leeds, bridge, case):
    step("6. The hub is back: the stricter risk stands everywhere, the date is changed in two places with the prison's shown")
    world.serve()
    sync(leeds, bridge, leeds, bridge, desk)
    for site in (leeds, bridge, desk):
        shown = site.json("record", "show", case)
        see(f"{site.name}: risk, date shown", (shown["risk_to_public"], shown["release_date"]), ("RISK_HIGH", "2099-12-01"))
        items = {tuple(sorted(row["values"])): row["item"] for row in site.json("conflict", "list")}
        see(f"{site.name}: changed in two places", sorted(items), [("1 December 2099", "15 December 2099"), ("High", "Low")])
    waits = [row["field"] for row in bridge.json("handover", "show", case)["changes"] if row["waits_for_you"]]
    see("Bridge Trust is asked to read the new date", "Expected release date" in waits, True)
    return items[("1 December 2099", "15 December 2099")], items[("High", "Low")]


def decided(desk, leeds, bridge, case, date, risk):
    step("7. The prison decides the date with a reason, the desk is asked to decide the risk; all see who decided")
    print(f"   the partner may not: {bridge.refused('conflict', 'resolve', date, '--value', '2099-12-15', '--reason', 'ours')}")
    leeds.run("conflict", "resolve", date, "--value", "2099-12-02", "--reason", "confirmed by the offender management unit")
    print(f"   nor may the desk, unasked: {desk.refused('conflict', 'resolve', risk, '--value', 'High', '--reason', 'x')}")
    desk.run("conflict", "resolve", risk, "--value", "High", "--reason", "agreed with both by telephone", "--asked")
    sync(desk, leeds, bridge, desk, leeds)
    for site in (leeds, bridge, desk):
        see(f"{site.name}: still in two places", site.json("conflict", "list"), [])
        last = site.json("record", "history", case, "--field", "release-date")[0]
        see(f"{site.name}: date, who decided", (last["value"], last["who"]), ("2 December 2099", "Ann Example"))
        last = site.json("record", "history", case, "--field", "risk-to-public")[0]
        see(f"{site.name}: risk, who decided", (last["value"], last["who"]), ("High", "Dee Example"))


def kill_and_put_back(world, desk, leeds, case, seed):
    step(f"9. A node is killed in the middle of a sync (seed {seed}), and another is put back from an old copy")
    chance = random.Random(seed)
    old_copy = world.folder / "old-copy"
    shutil.copytree(desk.data, old_copy)
    for round_number in range(3):
        leeds.run("record", "set", case, f"known-as=Mark {round_number}")
        syncing = leeds.start("sync")
        time.sleep(chance.uniform(0.05, 0.9))
        syncing.send_signal(signal.SIGKILL)
        syncing.wait()
    leeds.run("sync")
    see("faults found by check at HMP Leeds after three kills", leeds.json("check")["faults"], 0)
    desk.run("sync")
    shutil.rmtree(desk.data)
    shutil.copytree(old_copy, desk.data)
    desk.run("sync")
    see("the desk, put back, has caught up", desk.json("record", "show", case).get("known_as"), "Mark 2")
    see("faults found by check at the desk", desk.json("check")["faults"], 0)


def nobody_else_reads(world, sites):
    step("8. The other prison and partner hold nothing of it, and nothing of it stands in the clear anywhere")
    for site in sites:
        sync(site)
        see(f"handovers at {site.name}", site.json("handover", "list"), [])
        see("what a search there finds", site.json("search", "quillfeather"), [])
    files = [path for path in world.folder.rglob("*") if path.is_file() and "sheets" not in path.parts]
    holding = [path.name for path in files if b"Quillfeather" in path.read_bytes()]
    see(f"files of {len(files)} that hold the name in the clear", holding, [])


def flipped_bit(world, site):
    copy = world.folder / "flipped"
    shutil.copytree(site.data, copy)
    store = copy / "store.db"
    content = bytearray(store.read_bytes())
    content[len(content) // 2] ^= 1
    store.write_bytes(content)
    arguments = [str(copy) if value == str(site.data) else value for value in site.arguments]
    said = world.run(world.node, *arguments, "check", expect=1).strip().splitlines()[-1]
    print(f"   one bit changed in a copy of {site.name}'s store: {said}")


def equal_records(sites, case):
    step("10. Everybody who shares the handover holds the same, by its digest; a changed bit is found")
    digests = {site.name: {row["record"]: row["digest"] for row in site.json("check", "--digest")}[case] for site in sites}
    see(f"different digests among {', '.join(digests)}", len(set(digests.values())), 1)


def play(world, seed):
    desk, leeds, durham, bridge, harbour = bring_up(world)
    spreadsheets(world, desk, leeds, durham, (bridge, harbour))
    case = handover(desk, leeds, durham, bridge)
    answered(leeds, bridge, case)
    offline(world, leeds, bridge, case)
    decided(desk, leeds, bridge, case, *together_again(world, desk, leeds, bridge, case))
    nobody_else_reads(world, (durham, harbour))
    kill_and_put_back(world, desk, leeds, case, seed)
    sync(leeds, bridge, desk)
    equal_records((leeds, bridge, desk), case)
    flipped_bit(world, leeds)
    return desk, leeds, durham, bridge, harbour


def stay_up(world, sites):
    print(f"\nThe hub answers at {world.url}. Try the sites from another terminal; every password is \"{PASSWORD}\".")
    for site in sites:
        print(f"   {site.name}:\n     {world.node} --data {site.data} --as {site.sign_in} "
              f"--codes {ROOT}/config/codes handover list")
    print("Ctrl-C ends it and removes everything.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("\nCleaning up.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="throughgate-demo-") as name:
        world = World(pathlib.Path(name), options.programs)
        try:
            sites = play(world, options.seed)
            print(f"\nAll of it held, in {world.commands} commands.")
            if not options.check:
                stay_up(world, sites)
        finally:
            world.stop_hub()


try:
    main()
except Broken as broken:
    sys.exit(f"\nThe story broke: {broken}")

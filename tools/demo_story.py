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


def volunteers(world, desk, leeds, others):
    step("2. HMP Leeds records volunteers; the central team receives the part that travels, nobody else receives anything")
    made = []
    for given, family in (("Marker", "Quillfeather"), ("Olwen", "Example"), ("Idris", "Invented")):
        made.append(leeds.json("record", "new", "volunteer", f"given-name={given}", f"family-name={family}")["record"])
    leeds.run("sync")
    desk.run("sync")
    see("volunteers at the desk", desk.holds("volunteer"), 3)
    for site in others:
        site.run("sync")
        see(f"volunteers at {site.name}", site.holds("volunteer"), 0)
    return made


def offline(world, desk, leeds, volunteer):
    step("3. The hub goes down; work goes on; it comes back and the desk has what was written meanwhile")
    world.stop_hub()
    print(f"   a sync now says: {leeds.refused('sync')}")
    leeds.run("record", "set", volunteer, "known-as=Mark", "--reason", "asked for")
    see("waits at HMP Leeds to be sent", leeds.json("status")["changes_not_sent_yet"], 1)
    world.serve()
    leeds.run("sync")
    desk.run("sync")
    see("the desk reads the name he is known by as", desk.json("record", "show", volunteer).get("known_as"), "Mark")


def kill_and_put_back(world, desk, leeds, volunteer, seed):
    step(f"4. A node is killed in the middle of a sync (seed {seed}), and another is put back from an old copy")
    chance = random.Random(seed)
    old_copy = world.folder / "old-copy"
    shutil.copytree(desk.data, old_copy)
    for round_number in range(3):
        leeds.run("record", "set", volunteer, f"known-as=Mark {round_number}")
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
    see("the desk, put back, has caught up", desk.json("record", "show", volunteer).get("known_as"), "Mark 2")
    see("faults found by check at the desk", desk.json("check")["faults"], 0)


def nobody_else_reads(world, sites):
    step("5. Nothing of it stands in the clear anywhere, and a changed bit is found")
    files = [path for path in world.folder.rglob("*") if path.is_file() and path.suffix != ".password"]
    holding = [path.name for path in files if b"Quillfeather" in path.read_bytes()]
    see(f"files of {len(files)} that hold the volunteer's name in the clear", holding, [])


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


def equal_records(sites):
    step("6. Sites that share a record hold the same, by their digests")
    digests = [{row["record"]: row["digest"] for row in site.json("check", "--digest")} for site in sites]
    shared = set(digests[0]) & set(digests[1])
    see("records that both hold", len(shared) >= 3, True)
    see("of them with equal digests", all(digests[0][name] == digests[1][name] for name in shared), True)


def play(world, seed):
    desk, leeds, durham, bridge, harbour = bring_up(world)
    made = volunteers(world, desk, leeds, (durham, bridge, harbour))
    offline(world, desk, leeds, made[0])
    kill_and_put_back(world, desk, leeds, made[0], seed)
    nobody_else_reads(world, (durham, bridge, harbour))
    flipped_bit(world, leeds)
    equal_records((leeds, desk))
    return desk, leeds, durham, bridge, harbour


def stay_up(world, sites):
    print(f"\nThe hub answers at {world.url}. Try the sites from another terminal; every password is \"{PASSWORD}\".")
    for site in sites:
        print(f"   {site.name}:\n     {world.node} --data {site.data} --as {site.sign_in} "
              f"--codes {ROOT}/config/codes record list volunteer")
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

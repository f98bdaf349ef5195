#!/usr/bin/env python3
"""docs/root.md played with the real programs: a root of three holders, the loss of one key, the loss of the desk, a stolen desk,
and from a trial to a root. Made-up people.

usage: root_test.py BUILD-FOLDER"""
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "tools/demo_story"))
from bring_up import ask_in, let_in  # noqa: E402
from world import PASSWORD, Broken, Site, World, private_file, sync  # noqa: E402


def holds(what, is_so, *seen):
    if not is_so:
        raise Broken(f"{what}: {seen}")
    print(f"   {what}")


class Holders:
    """The offline machine, and the folders that stand for sticks."""

    def __init__(self, world):
        self.world, self.folder = world, world.folder / "offline"
        self.folder.mkdir(mode=0o700)
        self.password = private_file(self.folder / "password", PASSWORD)

    def root(self, *command, expect=0):
        return self.world.run(self.world.node, "root", *command, expect=expect)

    def stick(self, name):
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        return folder

    def sign(self, listed, holder, *more, expect=0):
        return self.root("sign", listed, "--key", self.folder / holder / "root-key", "--password-file", self.password, *more,
                         expect=expect)


def set_up(world, holders):
    printed = private_file(world.folder / "hub.txt", world.hub_run("init"))
    desk = Site(world, "Central Team", "central", "Dee Example")
    request = world.folder / "request"
    asked = desk.json("desk", "key", "--request", str(request), "--hub-file", printed)
    listed = world.folder / "root-1"
    sticks = [holders.stick(name) for name in ("ann", "bob", "cat")]
    passwords = [part for _ in sticks for part in ("--new-password-file", holders.password)]
    shown = holders.root("init", *sticks, "--needed", 2, "--request", request, "--list", listed, *passwords)
    holds("the holders see the words that the desk read to them", asked["desk_key_words"] in shown, shown)
    holds("nothing is made twice over a key that is there",
          "root-key" in holders.root("init", *sticks, "--needed", 2, "--request", request, "--list", world.folder / "x", *passwords,
                                     expect=1))
    first = world.folder / "first-list"
    facts = desk.json("desk", "init", "--name", "Central Team", "--hub-file", printed, "--list", str(first), "--root", str(listed))
    holds("the desk's key is that of the root list", facts["key_words"] in shown, facts, shown)
    world.hub_run("trust", facts["key"], "--list", first, "--words", facts["key_words"])
    world.serve()
    (desk.data / "node.toml").write_text(f'[hub]\nurl = "{world.url}"\n')
    desk.sync()
    prison = Site(world, "HMP Leeds", "prison", "Ann Example", "LEI")
    let_in(desk, prison, ask_in(desk, prison))
    return desk, prison, listed


def one_key_lost(world, holders, desk, prison, listed):
    """Cat's stick is gone: Dan takes their place, by the word of Ann and Bob."""
    public = holders.stick("dan")
    holders.root("key", public, "--new-password-file", holders.password)
    lost = next(line.split("root key: ")[1].strip() for line in [(holders.folder / "cat/root-key-public.txt").read_text()])
    second = world.folder / "root-2"
    holders.root("rotate", listed, "--out", second, "--add", public / "root-key-public.txt", "--remove", lost[:8])
    before = ["--previous", listed]
    holders.sign(second, "ann", *before)
    holds("one holder's word is not enough", "Signatures are missing" in desk.refused("desk", "root", str(second)))
    holds("a wrong password signs nothing", "not the password" in holders.root(
        "sign", second, "--key", holders.folder / "bob/root-key", "--password-file",
        private_file(holders.folder / "wrong", "another otter 99"), *before, expect=1))
    holders.sign(second, "bob", *before)
    taken = desk.json("desk", "root", str(second))
    holds("the desk takes up the list", taken["root_list_version"] == 2, taken)
    sync(desk, prison)
    holds("the lost key signs no list from now on",
          "no holder's of this list" in holders.sign(second, "cat", expect=1))
    return second


def stolen_desk(world, holders, desk, prison, listed):
    """A thief has a copy of the desk. The desk makes another key; two holders name it; what the thief signs is refused."""
    stolen = world.folder / "stolen"
    desk.copy_to(stolen)
    request = world.folder / "request-2"
    desk.run("desk", "key", "--request", str(request))
    third = world.folder / "root-3"
    holders.root("rotate", listed, "--out", third, "--request", request)
    for holder in ("bob", "dan"):
        holders.sign(third, holder, "--previous", listed)
    desk.run("desk", "root", str(third))
    sync(desk, prison)
    kept = world.folder / "kept"
    desk.copy_to(kept)
    desk.put_back(stolen)
    desk.run("desk", "directory", "--renew")
    said = desk.run("sync", expect=1)
    holds("the exchange refuses what the thief signed", "somebody has signed two" in said, said)
    desk.put_back(kept)
    desk.run("desk", "directory", "--renew")
    sync(desk, prison)
    holds("the site goes by the desk's list", status(prison) == status(desk), status(prison), status(desk))
    return third


def status(site):
    return site.json("status")["central_list_version"]


def newcomer_by_snapshot(world, desk):
    desk.run("desk", "snapshot")
    sync(desk)
    partner = Site(world, "Harbour Project", "partner", "Bea Example")
    let_in(desk, partner, ask_in(desk, partner))
    holds("a newcomer has the whole list by the snapshot", status(partner) == status(desk))
    holds("and sees everybody in it", {"HMP Leeds", "Harbour Project", "Central Team"} <=
          {row["name"] for row in partner.json("desk", "directory")})


def trial_to_root(folder, programs):
    """A trial desk says so; then holders take over."""
    world = World(folder, programs)
    holders = Holders(world)
    try:
        printed = private_file(world.folder / "hub.txt", world.hub_run("init"))
        desk = Site(world, "Central Team", "central", "Dee Example")
        said = desk.run("desk", "init", "--name", "Central Team", "--hub-file", printed, "--list", str(folder / "list"))
        holds("a trial says that it is one", "This is a trial" in said, said)
        request = folder / "request"
        desk.run("desk", "key", "--request", str(request))
        desk.run("desk", "directory", "--root-list", str(folder / "trial-root"))
        public = []
        for name in ("ann", "bob"):
            stick = holders.stick(name)
            holders.root("key", stick, "--new-password-file", holders.password)
            public += ["--add", stick / "root-key-public.txt"]
        shown = desk.world.run(world.node, "--json", "root", "show", folder / "trial-root")
        own = next(row["number"] for row in json.loads(shown)["keys"] if row["what"] == "holder")
        holders.root("rotate", folder / "trial-root", "--out", folder / "root-2", *public, "--remove", own[:8], "--needed", 2,
                     "--request", request)
        for name in ("ann", "bob"):
            holders.sign(folder / "root-2", name)
        taken = desk.json("desk", "root", str(folder / "root-2"))
        holds("the trial's root gives way to holders", taken["root_list_version"] == 2, taken)
    finally:
        world.stop_hub()


def main():
    programs = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="throughgate-root-") as name:
        folder = pathlib.Path(name)
        for part in ("root", "trial"):
            (folder / part).mkdir(mode=0o700)
        world = World(folder / "root", programs)
        holders = Holders(world)
        try:
            desk, prison, listed = set_up(world, holders)
            listed = one_key_lost(world, holders, desk, prison, listed)
            stolen_desk(world, holders, desk, prison, listed)
            newcomer_by_snapshot(world, desk)
        finally:
            world.stop_hub()
        trial_to_root(folder / "trial", programs)
    print("root: all as promised")


try:
    main()
except Broken as broken:
    sys.exit(str(broken))

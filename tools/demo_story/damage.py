"""What computers go through in steps 9 and 10: killed while they sync, put back from an old copy of their folder, and left
with a bit changed on their disk."""
import json
import random
import shutil
import time

from views import NAME
from world import Broken, see, sync, wait_until

ATTEMPTS = 6  # at each kill: a sync may end before its moment has come
PAGE_BYTES = 4096


def kill_and_put_back(story):
    """A node is killed in the middle of a sync, another is put back from an old copy: both catch up, nothing is lost"""
    names = kill_in_the_middle(story, kills=3)
    story.leeds.sync()
    see("HMP Leeds waits to send", story.leeds.json("status")["changes_not_sent_yet"], 0)
    put_back_old_copy(story)
    sync(story.leeds, story.bridge, story.desk, story.leeds, story.bridge)
    there = {row["family_name"] for row in story.desk.holds("volunteer")}
    see(f"the desk misses, of {len(names)} volunteers recorded around the kills", sorted(names - there), [])
    for site in story.members():
        shown = site.json("record", "show", story.case)
        see(f"{site.name}: known as, notes", (shown.get("known_as"), sorted(shown.get("notes", []))),
            ("Mark 2", ["after the copy", "before the copy", "by the old copy"]))
        marks = [row["value"] for row in site.json("record", "history", story.case, "--field", "known-as")]
        see("   every value it has had", marks, ["Mark 2", "Mark 1", "Mark 0"])
        see("   faults found by check", site.json("check")["faults"], 0)
        see("   waits to send", site.json("status")["changes_not_sent_yet"], 0)


def some_work(story, mark):
    """Something to send for a while: a field of the handover, and 25 volunteers from a spreadsheet."""
    names = {f"Killwood{chr(97 + mark)}{chr(97 + i)}" for i in range(25)}
    table = story.world.folder / "sheets" / f"killed-{mark}.csv"
    table.write_text("First name,Last name,Email\n" +
                     "".join(f"Bo,{name},{name.lower()}@example.org\n" for name in sorted(names)))
    made = story.leeds.json("volunteer", "import", str(table))["made"]
    see("volunteers recorded, not yet sent", made, len(names))
    return names


def begin_sync(site):
    """The process, and when it was seen at work; None where it had ended before that."""
    process = site.start("sync")
    wait_until(lambda: site.is_syncing() or process.poll() is not None)
    return process, time.monotonic() if site.is_syncing() else None


def has_ended(site, seconds=20):
    return wait_until(lambda: not site.is_syncing(), seconds)


def sync_takes(site):
    process, began = begin_sync(site)
    if not began or not has_ended(site):
        raise Broken(f"{site.name}: the sync that was to be timed was not seen to begin and end")
    takes = time.monotonic() - began
    see(f"{site.name}: a sync of as much takes {takes:.3f} s and ends with exit code", process.wait(), 0)
    return takes


def kill_in_the_middle(story, kills):
    """Each at a share of a sync, drawn for this kill by the seed alone. A sync that had ended by then does not count: it
    is tried again at the same share of the shorter time that it took, with new work."""
    leeds = story.leeds
    names = some_work(story, 0)
    takes = sync_takes(leeds)
    killed = attempts = 0
    while killed < kills:
        attempts += 1
        if attempts > ATTEMPTS * kills:
            raise Broken(f"of {attempts - 1} syncs only {killed} were killed in their middle")
        names |= some_work(story, attempts)
        leeds.run("record", "set", story.case, f"known-as=Mark {killed}")
        share = random.Random(f"{story.seed} {killed}").random()
        syncing, began = begin_sync(leeds)
        ended = has_ended(leeds, share * takes)
        lasted = time.monotonic() - (began or 0)
        if story.world.kill(syncing) and began and not ended:
            killed += 1
            print(f"   seed {story.seed}: killed with -9 at {share:.3f} of a sync, {share * takes:.3f} s into one "
                  f"that takes about {takes:.3f} s")
        elif began:
            takes = lasted
    return names


def put_back_old_copy(story):
    """Bridge Trust has sent more since the copy was taken, and goes on working on the copy before it hears of that."""
    bridge, case = story.bridge, story.case
    old_copy = story.world.folder / "old-copy"
    sync(bridge)
    bridge.run("record", "set", case, "notes=before the copy")
    bridge.copy_to(old_copy)
    bridge.run("record", "set", case, "notes=after the copy")
    sync(bridge)
    bridge.put_back(old_copy)
    shutil.rmtree(old_copy)
    see("Bridge Trust, put back, knows the notes", bridge.json("record", "show", case)["notes"], ["before the copy"])
    bridge.run("record", "set", case, "notes=by the old copy")


# ---- step 10

def flip_bits(story):
    """One at a time in a copy of a store: in its first pages and its last, in all that hold a word of the handover, and in
    some between."""
    world, site, copy = story.world, story.leeds, story.world.folder / "flipped"
    holding = world.search_site(site, [NAME])["found"][NAME.lower()]
    site.copy_to(copy)
    last = (copy / "store.db").stat().st_size // PAGE_BYTES
    tried = sorted({1, 2, 3, last, *holding, *range(last // 8, last, last // 8)})
    says_where = [page for page in tried if finds_flipped_bit(world, site, copy, page)]
    print(f"   one bit changed in a copy of {site.name}'s store, in each of {len(tried)} of its {last} pages: check fails\n"
          f"   and says where, in pages: {says_where}\n"
          f"   and the store cannot be opened at all, in pages: {[page for page in tried if page not in says_where]}")
    see("   of those that hold the name, not said where", [page for page in holding if page not in says_where], [])
    mended = json.loads(told_of_copy(world, site, copy, "--json", "check"))
    see("   with every bit put back, faults found", mended["faults"], 0)
    shutil.rmtree(copy)


def finds_flipped_bit(world, site, copy, page):
    """True where the page is said; the others are needed to open the store, which then does nothing more."""
    bit = copy / "store.db", (page - 1) * PAGE_BYTES + 1234
    flip_bit(*bit)
    said = told_of_copy(world, site, copy, "check", "--digest", expect=1).strip().splitlines()[-1]
    says_where = not said.startswith("The store looks damaged. ")
    if says_where and not said.startswith(f"The store is damaged: its page {page} was altered or cannot be read. "):
        raise Broken(f"one bit changed in page {page}: saw {said!r}")
    if not says_where:
        told_of_copy(world, site, copy, "status", expect=1)
    flip_bit(*bit)
    return says_where


def told_of_copy(world, site, copy, *command, expect=0):
    return world.run(world.node, *site.arguments(command, data=copy), expect=expect)


def flip_bit(file, offset):
    with open(file, "r+b") as store:
        store.seek(offset)
        byte = store.read(1)[0]
        store.seek(offset)
        store.write(bytes([byte ^ 1]))

"""What computers go through in step 9: killed while they sync, and put back from an old copy of their folder."""
import random
import shutil
import time

from world import Broken, see, sync, wait_until

ATTEMPTS = 6  # at each kill: a sync may end before its moment has come


def kill_and_put_back(story):
    """A node is killed in the middle of a sync, another is put back from an old copy: both catch up, nothing is lost"""
    names = kill_in_the_middle(story, random.Random(story.seed), kills=3)
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


def kill_in_the_middle(story, chance, kills):
    """At moments drawn from the seed; a sync that had ended by then does not count, and is tried again with new work."""
    leeds = story.leeds
    names = some_work(story, 0)
    begun = time.monotonic()
    leeds.sync()
    takes = time.monotonic() - begun
    killed = attempts = 0
    while killed < kills:
        attempts += 1
        if attempts > ATTEMPTS * kills:
            raise Broken(f"of {attempts - 1} syncs only {killed} were killed in their middle")
        names |= some_work(story, attempts)
        leeds.run("record", "set", story.case, f"known-as=Mark {killed}")
        after = chance.uniform(0, takes)
        syncing = leeds.start("sync")
        began = wait_until(lambda: leeds.is_syncing() or syncing.poll() is not None)
        time.sleep(after)
        in_the_middle = leeds.is_syncing()
        if not story.world.kill(syncing) or not began or not in_the_middle:
            continue
        killed += 1
        print(f"   seed {story.seed}: killed with -9, {after:.3f} s into a sync that takes about {takes:.1f} s")
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

#!/usr/bin/env python3
"""The story of tools/demo holds; and each step has twins with one thing gone wrong, which must break at that very step and
say what does not hold.

The story is played once. The world is kept as it stood before each step, and in step 7 also once both have decided; a twin
goes on from such a copy.
usage: demo_test.py BUILD-FOLDER [STEP ...]      with STEP: only the twins of these"""
import contextlib
import io
import pathlib
import re
import shutil
import sys
import tempfile
import time
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools/demo_story"), str(ROOT / "tests/demo")]
import steps  # noqa: E402
import two_places  # noqa: E402
from twins import TWINS  # noqa: E402
from world import World  # noqa: E402

SEED = 2  # kills the last time well before the end of a sync: there is something left to send


class Kept:
    """The world as it stands now, to come back to."""

    def __init__(self, story, shelf):
        self.story, self.shelf = story, shelf
        self.known, self.hub_is_up = dict(vars(story)), story.world.hub_process is not None
        shutil.copytree(story.world.folder, shelf)

    def come_back(self):
        world = self.story.world
        world.stop_hub()
        shutil.rmtree(world.folder)
        shutil.copytree(self.shelf, world.folder)
        vars(self.story).update(self.known)
        if self.hub_is_up:
            world.serve()


def play_whole(story, shelf):
    """The world as it was before each step, by its number; and "decided"."""
    kept, decide = {}, two_places.decide

    def keep(name):
        kept[name] = Kept(story, shelf / str(name))

    with mock.patch.object(two_places, "decide", lambda story: (decide(story), keep("decided"))):
        for number in range(1, len(steps.STEPS) + 1):
            keep(number)
            if steps.tell(story, [number]) != 0:
                sys.exit(f"the story broke in step {number}")
    return kept


def last_words(twin, story):
    """None where the story held."""
    errors = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors), twin.sabotage(story):
        code = steps.tell(story, [twin.step])
    return errors.getvalue().strip() if code == 1 else None


def is_noticed(twin, said):
    return bool(said and re.match(f"The story broke: step {twin.step}: .*?{twin.says}", said, re.S))


def main():
    wanted = [int(each) for each in sys.argv[2:]] or list(range(1, len(steps.STEPS) + 1))
    missed = [step for step in range(1, len(steps.STEPS) + 1) if step not in {twin.step for twin in TWINS}]
    if missed:
        sys.exit(f"steps without a twin: {missed}")
    with tempfile.TemporaryDirectory(prefix="throughgate-twins-") as name:
        folder = pathlib.Path(name)
        (folder / "world").mkdir()
        (folder / "kept").mkdir()
        story = steps.Story(World(folder / "world", pathlib.Path(sys.argv[1])), seed=SEED)
        held = []
        try:
            kept = play_whole(story, folder / "kept")
            print("\nThe twins:")
            for twin in TWINS:
                if twin.step not in wanted:
                    continue
                began = time.monotonic()
                kept[twin.goes_on_from or twin.step].come_back()
                said = last_words(twin, story)
                took = time.monotonic() - began
                print(f"{twin.step:4}. {twin.wrong} ({took:.1f} s)\n      {(said or 'IT HELD')[:300]}", flush=True)
                if not is_noticed(twin, said):
                    print(f"      NOT NOTICED: wanted {twin.says!r}")
                    held.append(twin.wrong)
        finally:
            story.world.stop_hub()
    sys.exit(f"not noticed: {held}" if held else 0)


main()

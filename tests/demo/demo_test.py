#!/usr/bin/env python3
"""The story of tools/demo holds; and each step has twins with one thing gone wrong, which must break at that very step.

The story is played once. The world is kept as it stood before each step, and a twin goes on from such a copy.
usage: demo_test.py BUILD-FOLDER [STEP ...]      with STEP: only the twins of these"""
import contextlib
import io
import pathlib
import shutil
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools/demo_story"), str(ROOT / "tests/demo")]
import steps  # noqa: E402
from sabotage import TWINS  # noqa: E402
from world import World  # noqa: E402


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
    """Keeps the world before each step."""
    kept = {}
    for number in range(1, len(steps.STEPS) + 1):
        kept[number] = Kept(story, shelf / str(number))
        if steps.tell(story, [number]) != 0:
            sys.exit(f"the story broke in step {number}")
    return kept


def breaks_in(step, story, sabotage):
    """The twin's last words; None where it broke elsewhere or, worse, held."""
    errors = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors), sabotage(story):
        code = steps.tell(story, [step])
    said = errors.getvalue().strip()
    return said if code == 1 and said.startswith(f"The story broke: step {step}: ") else None


def main():
    wanted = [int(each) for each in sys.argv[2:]] or list(range(1, len(steps.STEPS) + 1))
    missed = [step for step in range(1, len(steps.STEPS) + 1) if step not in {twin[0] for twin in TWINS}]
    if missed:
        sys.exit(f"steps without a twin: {missed}")
    with tempfile.TemporaryDirectory(prefix="throughgate-twins-") as name:
        folder = pathlib.Path(name)
        (folder / "world").mkdir()
        (folder / "kept").mkdir()
        story = steps.Story(World(folder / "world", pathlib.Path(sys.argv[1])), seed=1)
        held = []
        try:
            kept = play_whole(story, folder / "kept")
            print("\nThe twins:")
            for step, wrong, sabotage in TWINS:
                if step not in wanted:
                    continue
                began = time.monotonic()
                kept[step].come_back()
                said = breaks_in(step, story, sabotage)
                took = time.monotonic() - began
                print(f"{step:4}. {wrong} ({took:.1f} s)\n      {(said or 'NOT NOTICED')[:200]}", flush=True)
                if not said:
                    held.append(wrong)
        finally:
            story.world.stop_hub()
    sys.exit(f"not noticed: {held}" if held else 0)


main()

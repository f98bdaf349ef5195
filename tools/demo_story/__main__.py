"""What tools/demo runs: a hub, the central team's desk, two prisons and two partners, each its own process with its own
encrypted store, and made-up people."""
import argparse
import pathlib
import random
import sys
import tempfile

import steps
from world import World


def read_arguments():
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="the build folder")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000),
                        help="draws the moments at which computers are killed")
    return parser.parse_args()


def main():
    options = read_arguments()
    with tempfile.TemporaryDirectory(prefix="throughgate-demo-") as name:
        world = World(pathlib.Path(name), options.programs)
        try:
            code = steps.tell(steps.Story(world, options.seed))
        finally:
            world.stop_hub()
    if code == 0:
        print(f"\nAll of it held, in {world.commands} commands.")
    return code


sys.exit(main())

"""What tools/demo runs: a hub, the central team's desk, two prisons and two partners, each its own process with its own
encrypted store, and made-up people."""
import argparse
import contextlib
import datetime
import pathlib
import random
import signal
import sys
import tempfile
import time

import steps
from made_up import MadeUp
from pages import served
from world import PASSWORD, Broken, World


def read_arguments():
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, required=True, help=argparse.SUPPRESS)  # given by tools/demo
    parser.add_argument("--check", action="store_true", help="play the story and end; exit code 0 only if all of it held")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000),
                        help="draws the points of a sync, as shares of its time, at which a computer is killed")
    parser.add_argument("--volunteers", type=int, default=150, help="at each prison, and a fifth of them at each partner")
    parser.add_argument("--handovers", type=int, default=120, help="in all")
    return parser.parse_args()


def check(world, seed):
    code = steps.tell(steps.Story(world, seed))
    if code == 0:
        print(f"\nAll of it held, in {world.commands} commands.")
    return code


def stay_up(world, volunteers, handovers):
    began = time.monotonic()
    print("Making up volunteers and handovers. This takes up to a minute.", flush=True)
    made_up = MadeUp(world, datetime.date.today(), volunteers, handovers)
    made_up.take_turns()
    with contextlib.ExitStack() as doors:
        ports = {site: doors.enter_context(served(site, "--sync-every", "15")) for site in made_up.sites()}
        print(f"\nReady after {time.monotonic() - began:.0f} seconds. Nobody here exists.\n")
        for site, port in ports.items():
            stages = [row["stage"] for row in made_up.handovers_at(site)]
            print(f"{site.name}: {len(site.holds('volunteer'))} volunteers, "
                  f"{len(stages)} handovers at {len(set(stages))} stages\n"
                  f"   http://127.0.0.1:{port}   {site.person} signs in as {site.sign_in}")
        print(f'\nEverybody\'s password is "{PASSWORD}". The sites exchange what is new every 15 seconds, through '
              f"the hub at {world.url}.\nCtrl-C ends it and removes everything.", flush=True)
        signal.pause()


def end(_number, _frame):
    raise KeyboardInterrupt


def main():
    signal.signal(signal.SIGTERM, end)
    options = read_arguments()
    with tempfile.TemporaryDirectory(prefix="throughgate-demo-") as name:
        world = World(pathlib.Path(name), options.programs)
        try:
            if options.check:
                return check(world, options.seed)
            return stay_up(world, options.volunteers, options.handovers)
        except Broken as broken:
            sys.exit(f"The made-up data could not be loaded: {broken}")
        except KeyboardInterrupt:
            print("\nCleaning up.")
            return 130 if options.check else 0
        finally:
            world.stop_hub()


sys.exit(main())

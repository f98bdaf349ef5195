#!/usr/bin/env python3
"""For a browser to look at: a hub, and the central team, a prison with a second computer, a partner and a prison that has not joined, each with its
pages served by the real program. Says on a line of JSON where they are, then does what it is told, a line each, and answers
each with a line of JSON. At the end of what it is told everything is removed.

usage: sites.py BUILD-FOLDER
  hub stop | hub start     the central exchange
  hub where                its address
  sync SITE ...            by command, beside the pages: "prison", "partner", "desk"
  stages                   a handover from the prison to the partner at every stage there is
"""
import contextlib
import datetime
import json
import pathlib
import shlex
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "tools/demo_story"))
from bring_up import agree, ask_in, let_in, let_in_another, start_hub_and_desk  # noqa: E402
from made_up import TURNS, changed_by  # noqa: E402
from pages import served  # noqa: E402
from world import PASSWORD, ROOT, Broken, Site, World, sync  # noqa: E402

VOLUNTEERS = 60  # more than a page
STAGES = 21
PARTNER = "Bridge Trust Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch-Featherstonehaugh"


def put_back(site, sheet):
    """An old copy, while the exchange has what was sent since: the site has something to tell its people."""
    before = site.data.with_name("before")
    site.copy_to(before)
    site.run("volunteer", "import", sheet)
    site.sync()
    site.put_back(before)
    site.sync()


def bring_up(world):
    desk = start_hub_and_desk(world)
    prison = Site(world, "HMP Leeds", "prison", "Ann Example", "LEI")
    partner = Site(world, PARTNER, "partner", "Cat Example")
    fresh = Site(world, "HMP Durham", "prison", "Bob Example", "DMI")
    for site in (prison, partner):
        let_in(desk, site, ask_in(desk, site))
    # One person does everything there, as in a small charity: what no other role sees is walked too.
    partner.run("staff", "roles", partner.sign_in, "--add", "governor,security", "--reason", "one laptop")
    agree(desk, prison, partner)
    sheets = world.folder / "sheets"
    world.run(ROOT / "tools/generate_data", sheets, "--prisons", "1", "--partners", "1", "--prison-volunteers", VOLUNTEERS,
              "--partner-volunteers", "1", "--handovers", STAGES, "--seed", "7", "--today", datetime.date.today())
    prison.run("volunteer", "import", str(next(iter(sheets.glob("prison-*.csv")))))
    sync(desk, prison, partner, desk)
    put_back(partner, str(next(iter(sheets.glob("partner-*.csv")))))
    spare = prison.second_computer("Leeds spare")
    let_in_another(desk, spare, "Spare PC")
    return {"desk": desk, "prison": prison, "partner": partner, "fresh": fresh, "spare": spare}


def all_stages(world, sites):
    with open(world.folder / "sheets/handovers.jsonl", encoding="utf-8") as file:
        records = [{**json.loads(line), "receiver_name": PARTNER, "establishment": "LEI"} for line in file]
    numbers = {}
    turns = [[turn] for turn in TURNS] + [[("prison", changed_by(11)), ("partner", changed_by(22))]]
    for at_once in turns:
        for side, steps in at_once:
            lines = [each for record in records for each in steps(record, numbers.get(record["number"], record["number"]))]
            for begun in world.steps(sites[side], lines).splitlines():
                number, handover = begun.split("\t")
                numbers[int(number)] = handover
        sync(sites["desk"], sites["prison"], sites["partner"], sites["desk"], sites["prison"])


def told(world, sites, words):
    match words:
        case ["hub", "stop"]:
            world.stop_hub()
        case ["hub", "start"]:
            world.serve()
        case ["hub", "where"]:
            return world.url
        case ["sync", *names]:
            sync(*(sites[name] for name in names))
        case ["stages"]:
            all_stages(world, sites)
        case _:
            raise Broken(f"nobody knows what this means: {words}")
    return True


def facts(site, port):
    return {"url": f"http://127.0.0.1:{port}", "name": site.name, "person": site.person, "signIn": site.sign_in,
            "password": PASSWORD, "sheet": site.sheet_words()}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="throughgate-pages-") as name, contextlib.ExitStack() as all_served:
        world = World(pathlib.Path(name), pathlib.Path(sys.argv[1]))
        all_served.callback(world.stop_hub)
        sites = bring_up(world)
        # They sync only when somebody asks: what is seen does not depend on the moment.
        said = {key: facts(site, all_served.enter_context(served(site, "--sync-every", "0"))) for key, site in sites.items()}
        print(json.dumps(said), flush=True)
        for line in sys.stdin:
            print(json.dumps(told(world, sites, shlex.split(line))), flush=True)


main()

"""The fifteen steps of the story, of which hard_times tells the last five. What is said at each has been read back through
commands and pages of other processes; each ends the story by Broken where something does not hold."""
import csv
import sys

from bring_up import agree, ask_in, let_in, start_hub_and_desk
from damage import flip_bits, kill_and_put_back
from hard_times import by_stick, digests, forgotten, lost_hub, removed_partner, stolen_laptop
from pages import signed_in
from two_places import decided, see_both_values
from views import (COMPLETE, DATE_FIELD, DATES, FIRST_DATE, GROUND, ITS_WORDS, NAME, ON_A_DAY, RISKS, change_of,
                   handover_page, standing, told_of, where_is)
from world import ROOT, Broken, Site, see, see_pages, see_part, see_words, sync, words_in


class Story:
    """Who takes part, and what they have come to know."""

    def __init__(self, world, seed):
        self.world, self.seed = world, seed
        self.desk = self.leeds = self.durham = self.bridge = self.harbour = None
        self.case = None        # the handover of HMP Leeds
        self.other_case = None  # and one that HMP Durham has only begun
        self.date = self.risk = None  # what was changed in two places, by number

    def sites(self):
        return [self.desk, self.leeds, self.durham, self.bridge, self.harbour]

    def members(self):
        """Those who share the handover."""
        return [self.leeds, self.bridge, self.desk]


def tell(story, numbers=None):
    """Plays the steps in order, or only some. The exit code: 0 where all of it held, 1 where the story broke."""
    for number in numbers or range(1, len(STEPS) + 1):
        step = STEPS[number - 1]
        print(f"\n{number}. {step.__doc__}")
        try:
            step(story)
        except Broken as broken:
            print(f"\nThe story broke: step {number}: {broken}", file=sys.stderr)
            return 1
    return 0


# ---- 1

def bring_up(story):
    """A hub, the central team's desk and four sites come up; the sites are invited, enrol and are approved"""
    world = story.world
    story.desk = desk = start_hub_and_desk(world)
    story.leeds = Site(world, "HMP Leeds", "prison", "Ann Example", "LEI")
    story.durham = Site(world, "HMP Durham", "prison", "Bob Example", "DMI")
    story.bridge = Site(world, "Bridge Trust", "partner", "Cat Example")
    story.harbour = Site(world, "Harbour Project", "partner", "Dan Example")
    for site in story.sites()[1:]:
        words = ask_in(desk, site)
        see_words(f"{site.name}, before it is approved", site.refused("sync"), "The central team has not let this .*")
        let_in(desk, site, words)
    agree(desk, story.leeds, story.bridge)
    sync(*story.sites())
    see("the hub answers", world.hub_answers(), True)
    names = sorted(site.name for site in story.sites())
    for site in story.sites():
        see(f"{site.name} is enrolled", site.json("status")["enrolled"], True)
        listed = [row["name"] for row in site.json("desk", "directory") if row["what"] == "organisation"]
        see("   and holds the central list of", sorted(listed), names)


# ---- 2

def spreadsheets(story):
    """Each prison imports its spreadsheet of volunteers; the central team receives the part that travels"""
    world, sheets = story.world, story.world.folder / "sheets"
    world.run(ROOT / "tools/generate_data", sheets, "--prisons", "2", "--partners", "1", "--prison-volunteers", "12",
              "--partner-volunteers", "1", "--handovers", "1", "--seed", "7", "--messy")
    made = []
    for site, sheet in zip((story.leeds, story.durham), sorted(sheets.glob("prison-*.csv"))):
        with open(sheet, encoding="utf-8", newline="") as file:
            rows = len(list(csv.DictReader(file)))
        dry = site.json("volunteer", "import", str(sheet), "--dry-run")
        see(f"volunteers at {site.name} after a dry run", site.holds("volunteer"), [])
        done = site.json("volunteer", "import", str(sheet))
        see(f"{site.name}: rows made, as the dry run said", done["made"], dry["would_be_made"])
        see(f"{site.name}: rows in all, made or to be mended", done["made"] + done["to_look_at"], rows)
        again = site.json("volunteer", "import", str(sheet))
        see(f"{site.name}: made by importing the same file again", again["made"], 0)
        volunteers = [named(row) for row in site.holds("volunteer")]
        see(f"volunteers at {site.name}", len(volunteers), done["made"])
        see("   and their files", len(site.holds("volunteer-file")), done["made"])
        made += volunteers
    sync(*story.sites())
    sync(story.desk)
    at_desk = [named(row) for row in story.desk.holds("volunteer")]
    see("volunteers at the desk", len(at_desk), len(made))
    see("   who are the same", sorted(at_desk) == sorted(made), True)
    see("   and of their files, which stay where they are", len(story.desk.holds("volunteer-file")), 0)
    for site in (story.bridge, story.harbour):
        see(f"volunteers at {site.name}", site.holds("volunteer"), [])


def named(row):
    """A volunteer as listed, without the notes beside it."""
    return row["record"], row["given_name"], row["family_name"]


# ---- 3

def share(story):
    """HMP Leeds makes a handover; without a ground or an agreement it cannot be shared; with both it is"""
    leeds = story.leeds
    story.case = case = leeds.json("handover", "new", f"family-name={NAME}")["record"]
    to_bridge = ("handover", "share", case, "--with", "Bridge Trust")
    see_words("not complete", leeds.refused(*to_bridge), "This handover is not complete yet: .*Release|.*release date.*")
    leeds.run("record", "set", case, *COMPLETE)
    leeds.run("record", "new", "need", "pathway=Somewhere to live", "--in", case)
    see_words("no ground", leeds.refused(*to_bridge), "No ground for sharing with Bridge Trust .* Nothing was shared.")
    leeds.run("handover", "basis", case, "--with", "Bridge Trust", "--law", "UK GDPR", "--ground", "Public task",
              "--purpose", "support after release", "--what", "IDENTITY", "--what", "Release date and kind")
    see_words("a ground too narrow", leeds.refused(*to_bridge), ".* Not named: How to reach the person; Levels of risk; .*")
    leeds.run("handover", "basis", case, "--with", "Bridge Trust", *GROUND)
    see_words("no agreement", leeds.refused("handover", "share", case, "--with", "Harbour Project"),
              "There is no current sharing agreement with Harbour Project .* Nothing was shared.")
    see("stage so far", leeds.json("handover", "show", case)["stage"], "Draft")
    leeds.run(*to_bridge)
    see("stage now", leeds.json("handover", "show", case)["stage"], "Shared")
    story.other_case = story.durham.json("handover", "new", "family-name=Otherwise")["record"]


# ---- 4

def answered(story):
    """The partner syncs, sees it, reads and accepts it; the prison sees it sent, then arrived, then read"""
    with signed_in(story.leeds) as at_leeds, signed_in(story.bridge) as at_bridge:
        arrives(story, at_leeds, at_bridge)
        is_read(story, at_leeds, at_bridge)


def arrives(story, at_leeds, at_bridge):
    leeds, bridge, case = story.leeds, story.bridge, story.case
    see_words("before a sync", where_is(leeds, case, DATE_FIELD), "Not sent yet[.]")
    see_words("   on its page", told_of(at_leeds, story, FIRST_DATE), "Not sent yet")
    sync(leeds)
    see_words("HMP Leeds has synced", where_is(leeds, case, DATE_FIELD), f"Sent {ON_A_DAY}[.]")
    see_words("   on its page", told_of(at_leeds, story, FIRST_DATE), f"Sent {ON_A_DAY}")
    see("   and of all that it shares", standing(at_leeds, bridge.name),
        {"handovers": 1, "not sent yet": 0, "not arrived yet": 1, "to read": True})
    sync(bridge)
    listed = bridge.json("handover", "list")
    see("handovers at Bridge Trust", [(row["stage"], row["family_name"]) for row in listed], [("Shared", NAME)])
    see_part("   on its page", at_bridge.read("/handovers"), f"Alex {NAME} 4 to read 4 December 2099 Shared")
    see("   where the date waits to be read", change_of(bridge, case, DATE_FIELD)["waits_for_you"], True)
    sync(bridge, leeds)
    see_words("Bridge Trust has synced", where_is(leeds, case, DATE_FIELD),
              rf"Sent {ON_A_DAY}[.] Arrived at Bridge Trust \(Reception PC\)[.]")
    see_words("   on HMP Leeds's page", told_of(at_leeds, story, FIRST_DATE),
              rf"Sent {ON_A_DAY} Arrived at Bridge Trust \(Reception PC\)")


def is_read(story, at_leeds, at_bridge):
    leeds, bridge, case = story.leeds, story.bridge, story.case
    see_part("Cat Example opens the page of changes", at_bridge.read(handover_page(story, "read")),
             "Expected release date Now says 4 December 2099 Changed by Ann Example, HMP Leeds")
    sync(bridge, leeds)
    see_words("   which says nothing yet", where_is(leeds, case, DATE_FIELD),
              r".*Arrived at Bridge Trust \(Reception PC\)[.]")
    at_bridge.send(handover_page(story, "read"), handover_page(story, "read"), all="1")
    at_bridge.send(handover_page(story, "accept"), handover_page(story, "accept"), contact="Cat, 07700 900111")
    sync(bridge, leeds, bridge, leeds)
    read_by = f"Read by Cat Example, Bridge Trust, {ON_A_DAY}"
    see_words("she says so", where_is(leeds, case, DATE_FIELD), f"Sent .* Arrived .* {read_by}[.]")
    see_words("   on HMP Leeds's page", told_of(at_leeds, story, FIRST_DATE), f"Sent .* Arrived .* {read_by}")
    see("   and of all that it shares", standing(at_leeds, bridge.name),
        {"handovers": 1, "not sent yet": 0, "not arrived yet": 0, "to read": False})
    for site in (leeds, bridge):
        see(f"stage at {site.name}", site.json("handover", "show", case)["stage"], "Accepted")


# ---- 5

def offline(story):
    """The hub goes down. The prison moves the date and raises a risk; the partner, knowing nothing, changes the same"""
    leeds, bridge, case = story.leeds, story.bridge, story.case
    story.world.stop_hub()
    for site in (leeds, bridge):
        see_words(f"a sync at {site.name}", site.refused("sync"),
                  "The central exchange cannot be reached. Everything is kept here and will be sent next time.")
    leeds.run("record", "set", case, "release-date=2099-12-01", "--reason", "brought forward")
    leeds.run("record", "set", case, "risk-to-public=High", "--reason", "new information")
    see("Bridge Trust knows nothing of it: risk, date, place", risk_date_place(bridge, case),
        ("Medium", "2099-12-04", None))
    bridge.run("handover", "plan", case, "meeting-place=Main gate", "meeting-time=08:30")
    bridge.run("record", "set", case, "release-date=2099-12-15", "--reason", "heard by telephone")
    told = bridge.run("record", "set", case, "risk-to-public=Low", "--reason", "seems calm")
    see_words("   and is told, as it lowers the risk", told.strip().splitlines()[-1],
              "Risk to the public: the stricter value stays in force until an organisation that may lower it agrees[.]")
    for site, held, in_two_places, unsent in ((leeds, ("High", "2099-12-01", None), [], 2),
                                              (bridge, ("Medium", "2099-12-15", "Main gate"), [["Medium", "Low"]], 3)):
        see(f"{site.name}: risk, date, place", risk_date_place(site, case), held)
        see("   changed in two places", [row["values"] for row in site.json("conflict", "list")], in_two_places)
        see("   and waits to send", site.json("status")["changes_not_sent_yet"], unsent)
    with signed_in(bridge) as pages:
        see_part("   on its page", pages.read(handover_page(story)), "Risk to the public Medium Changed in two places")


def risk_date_place(site, case):
    shown = site.json("record", "show", case)
    risk = shown.get("risk_to_public")
    return risk and risk.removeprefix("RISK_").capitalize(), shown.get("release_date"), shown.get("meeting_place")


# ---- 6

def together_again(story):
    """The hub is back: the stricter risk stands everywhere, the date is changed in two places, the prison's shown"""
    leeds, bridge, desk, case = story.leeds, story.bridge, story.desk, story.case
    story.world.serve()
    sync(leeds, bridge, leeds, bridge, desk)
    for site in story.members():
        see(f"{site.name}: risk, date, place", risk_date_place(site, case), ("High", "2099-12-01", "Main gate"))
        items = {tuple(sorted(row["values"])): row["item"] for row in site.json("conflict", "list")}
        see("   changed in two places", sorted(items), [DATES, RISKS])
        see("   stage", site.json("handover", "show", case)["stage"], "Planned")
        see_in_two_places(story, site)
    story.date, story.risk = items[DATES], items[RISKS]
    see("Bridge Trust is asked to read the prison's date", change_of(bridge, case, DATE_FIELD, DATES[0])["waits_for_you"],
        True)
    steps = [row["step"] for row in bridge.json("handover", "show", case)["next"]]
    see("   before anything else", steps[0], "acknowledge")


def see_in_two_places(story, site):
    """On its pages; and who is asked to read what."""
    with signed_in(site) as pages:
        waits = "Waiting for you " if site is story.desk else r"\d+ changes to read in \d+ handovers? "  # the desk reads none
        see_part("   on its first page", pages.read("/"), rf"{waits}2 details changed in two places")
        page = pages.read(handover_page(story))
        see_part("   on the handover's", page, f"{DATE_FIELD} 1 December 2099 Changed in two places")
        see_part("   and", page, "Risk to the public High Changed in two places")
        see_both_values(story, site, pages)
        if site is story.bridge:
            see_part("   to be read here", pages.read(handover_page(story, "read")),
                     f"{DATE_FIELD} It said 4 December 2099 Now says 1 December 2099 Changed by Ann Example, HMP Leeds")


# ---- 8

def nobody_else_reads(story):
    """The other prison and partner can read nothing of it: their stores and the hub's are searched, decrypted"""
    world = story.world
    for site in (story.durham, story.harbour):
        sync(site)
        see(f"{site.name}: handovers listed", [row["family_name"] for row in site.json("handover", "list")],
            ["Otherwise"] if site is story.durham else [])
        see("   found by a search", site.json("search", NAME.lower()), [])
        see_words("   and by its number", site.refused("handover", "show", story.case), "There is no such .*")
        see_pages(f"   in its store, pages that hold {', '.join(ITS_WORDS)}", world.search_site(site, ITS_WORDS), [])
    see_pages("in the hub's store, the same", world.search_hub(ITS_WORDS), [])
    files = [path for path in world.folder.rglob("*") if path.is_file() and "sheets" not in path.parts]
    holding = [path.name for path in files if any(word.encode() in path.read_bytes() for word in ITS_WORDS)]
    see(f"files of {len(files)} that hold any of it in the clear", holding, [])
    see("the search sees what is there: HMP Leeds's store", sorted(words_in(world.search_site(story.leeds, ITS_WORDS))),
        sorted(word.lower() for word in ITS_WORDS))
    see("   and in the hub's, the central list", words_in(world.search_hub(["Harbour Project"])), ["harbour project"])


# ---- 10

def equal_records(story):
    """Everybody who holds a record holds the same, by its digest; one changed bit is found, and where"""
    sync(*story.sites())
    sync(*story.sites())
    held_by = digests(story)
    see("holders of the handover", sorted(held_by[story.case]), sorted(site.name for site in story.members()))
    see("   of the other prison's draft", sorted(held_by[story.other_case]), ["Central Team", "HMP Durham"])
    shared = [held for held in held_by.values() if len(held) > 1]
    see(f"of {len(shared)} records held by more than one, those with differing digests",
        len([held for held in shared if len(set(held.values())) > 1]), 0)
    flip_bits(story)


STEPS = [bring_up, spreadsheets, share, answered, offline, together_again, decided, nobody_else_reads, kill_and_put_back,
         equal_records, by_stick, removed_partner, stolen_laptop, forgotten, lost_hub]

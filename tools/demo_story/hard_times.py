"""What a system for prisons must come through, steps 11 to 15: no network at all, a partner that no longer takes part, a
stolen laptop, a person who is to be forgotten, and the loss of the exchange itself."""
import datetime

from bring_up import let_in_another, let_in_by_file, trust
from views import COMPLETE, GROUND, ITS_WORDS, NAME, ON_A_DAY
from world import Broken, Site, see, see_pages, see_words, sync

LATE_WORDS = "Ring Rosemary at the hostel"
STOLEN_WORDS = "07700 900666"


def only(what, rows):
    if len(rows) != 1:
        raise Broken(f"{what}: wanted one, saw {rows!r}")
    return rows[0]


# ---- 11

def by_stick(story):
    """Two sites that have never had a network are let in by files, and hand a person over by stick"""
    world, desk = story.world, story.desk
    stick = world.folder / "stick"
    stick.mkdir()
    prison = Site(world, "HMP Wymott", "prison", "Fay Example", "WMI")
    partner = Site(world, "Quay Trust", "partner", "Gil Example")
    for site in prison, partner:
        let_in_by_file(desk, site, stick)
        see(f"{site.name} is enrolled", site.json("status")["enrolled"], True)
    desk.run("desk", "agree", prison.name, partner.name, "--kinds", "case", "--until", "2099-12-31")
    carry(stick, desk, prison)
    case = prison.json("handover", "new", "family-name=Stickney")["record"]
    prison.run("record", "set", case, *(word for word in COMPLETE if not word.startswith("family-name=")))
    prison.run("record", "new", "need", "pathway=Somewhere to live", "--in", case)
    prison.run("handover", "basis", case, "--with", partner.name, *GROUND)
    prison.run("handover", "share", case, "--with", partner.name)
    carry(stick, prison, partner)
    listed = partner.json("handover", "list")
    see("handovers at Quay Trust", [(row["stage"], row["family_name"]) for row in listed], [("Shared", "Stickney")])
    partner.run("handover", "accept", case, "--contact", "Gil, 07700 900122")
    carry(stick, partner, prison)
    see("stage at HMP Wymott", prison.json("handover", "show", case)["stage"], "Accepted")
    again = prison.json("bundle", "import", *map(str, bundles(stick)))
    see("   brought once more, what is new", sum(again.values()), 0)
    for site in prison, partner:
        see_words(f"   and a sync at {site.name}", site.refused("sync"),
                  "This computer was let in by files, so it knows no address of the central exchange[: ].*")
    words = [word.encode() for word in ("Stickney", "Alex", "07700", prison.name, partner.name)]
    told = [path.name for path in bundles(stick) if any(word in path.read_bytes() for word in words)]
    see(f"of {len(bundles(stick))} bundles on the stick, those with a word in the clear", told, [])


def bundles(stick):
    return sorted(stick.glob("*.tgb"))


def carry(stick, site, to):
    """The stick holds this bundle and no other."""
    for path in bundles(stick):
        path.unlink()
    site.json("bundle", "export", "--to", to.name, str(stick))
    to.json("bundle", "import", *map(str, bundles(stick)))


# ---- 12

def removed_partner(story):
    """The prison ends the sharing while the partner has work that is not sent: its copy goes, its words do not"""
    leeds, bridge, desk, case = story.leeds, story.bridge, story.desk, story.case
    bridge.run("record", "set", case, f"contact-route={LATE_WORDS}", "--reason", "told by the hostel")
    see("Bridge Trust waits to send", bridge.json("status")["changes_not_sent_yet"], 1)
    leeds.run("handover", "remove-partner", case, "--reason", "They have closed")
    sync(leeds, bridge, bridge, leeds, desk)
    see("handovers at Bridge Trust", bridge.json("handover", "list"), [])
    see_pages("   what its store holds", story.world.search_site(bridge, ITS_WORDS), [])
    own = only("written too late, at Bridge Trust", bridge.json("late", "list"))
    see("   and still shows as its own", (own["changes"], own["next"]),
        ([f"How to reach the person: {LATE_WORDS}"], "others decide"))
    row = only("written too late, at HMP Leeds", leeds.json("late", "list"))
    see("written too late, at HMP Leeds", (row["who"], row["why"], row["next"]),
        ("Cat Example", "Bridge Trust was no longer part of this handover", "take it over or put it aside"))
    leeds.run("late", "take", row["item"])
    last = leeds.json("record", "history", case, "--field", "contact-route")[0]
    see("   taken over in one step", (last["value"], last["who"], last["why"]),
        (LATE_WORDS, "Cat Example", "told by the hostel"))
    see("   and nothing is left to settle", leeds.json("late", "list"), [])
    sync(leeds, bridge, leeds, desk)
    gone = next(row for row in leeds.json("handover", "who", case) if row["name"] == "Bridge Trust")
    see_words("   and its copy", gone["copies"], rf".*{ON_A_DAY}.*")


# ---- 13

def stolen_laptop(story):
    """A laptop of the other prison is stolen: it is withdrawn, the thief is refused, every record gets a new key"""
    durham, desk = story.durham, story.desk
    laptop = durham.second_computer("HMP Durham's laptop")
    let_in_another(desk, laptop, "Laptop")
    volunteer = durham.holds("volunteer")[0]["record"]
    sync(durham, laptop, durham, laptop)
    number = laptop.json("status")["computer_number"]
    held = len(laptop.holds("volunteer"))
    see("the laptop reads volunteers", held, len(durham.holds("volunteer")))
    laptop.run("record", "set", volunteer, f"mobile={STOLEN_WORDS}")
    sync(laptop, durham)
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    desk.run("desk", "revoke", number, "--reason", "stolen", "--stolen-since", today, "--confirm")
    sync(desk)
    laptop.run("record", "set", volunteer, f"mobile=07700 900667")
    see_words("a sync at the laptop", laptop.refused("sync"), ".*withdrawn.*")
    for _ in range(2):
        sync(durham, desk)
    status = durham.json("status")
    see("records of HMP Durham that still need a new key", status["records_that_need_new_keys"], 0)
    see(f"   of {status['records_with_new_keys']} that got one", status["records_with_new_keys"] >= held, True)
    told = only("written since it was stolen",
                [row for row in durham.json("suspect", "list") if row["what_it_says"] == STOLEN_WORDS])
    durham.run("suspect", "undo", told["change"], "--reason", "we rang them")
    stands = durham.json("record", "show", volunteer).get("mobile") == STOLEN_WORDS
    see("what the thief wrote stands, once it is undone", stands, False)
    sync(durham, desk)


# ---- 14

def forgotten(story):
    """The person of the handover is to be forgotten: nothing of them is left in any store, nor in the exchange's"""
    leeds, desk, case, world = story.leeds, story.desk, story.case, story.world
    words = [*ITS_WORDS, LATE_WORDS]
    see_pages("HMP Leeds's store", world.search_site(leeds, words), sorted(word.lower() for word in words))
    leeds.run("erase", "request", case, "--reason", "they asked", "--confirm")
    sync(leeds, desk)
    asked = only("requests at the desk", desk.json("desk", "erasures"))
    see("the desk is asked", (asked["standing"], asked["against_it"]), ("Asked for", ""))
    desk.run("desk", "erase", asked["request"], "--confirm")
    sync(desk, *story.sites(), desk)
    for site in story.sites():
        see_pages(f"{site.name}'s store", world.search_site(site, words), [])
    see_pages("the hub's store", world.search_hub(words), [])
    see("written too late, at Bridge Trust", story.bridge.json("late", "list"), [])
    see_words("HMP Leeds, by its number", leeds.refused("handover", "show", case), "There is no such .*")
    see("who has not heard of it yet: those without a network",
        sorted(row["who"] for row in desk.json("desk", "erasures", "--outstanding")),
        ["HMP Wymott, Reception PC", "Quay Trust, Reception PC"])


# ---- 15

def lost_hub(story):
    """The hub burns down, and its backups with it: another takes its place, and the sites bring back what it had"""
    world, desk, durham = story.world, story.desk, story.durham
    sync(*story.sites(), *story.sites())
    before = digests(story)
    world.stop_hub()
    burn(world)
    durham.run("record", "new", "volunteer", "given-name=Una", "family-name=Afterfire")
    printed, listed = world.folder / "new-hub.txt", world.folder / "newer-list"
    printed.write_text(world.hub_run("init"))
    desk.run("desk", "hub", "--hub-file", str(printed))
    desk.run("desk", "directory", "--list", str(listed))
    trust(desk, listed)
    world.serve()
    for _ in range(3):
        sync(*story.sites())
    after = digests(story)
    changed = [record for record, held in before.items() if after.get(record) != held]
    see(f"of {len(before)} records, those that read otherwise than before the fire", changed, [])
    see("what still waits to be sent, at each site",
        [site.json("status")["changes_not_sent_yet"] for site in story.sites()], [0] * len(story.sites()))
    see("what was written while it burned has reached the desk",
        "Afterfire" in {row["family_name"] for row in desk.holds("volunteer")}, True)


def burn(world):
    for path in [*world.folder.glob("hub.db*"), world.folder / "hub.key"]:
        path.unlink()


def digests(story):
    """Of each record, by who holds it."""
    found = {}
    for site in story.sites():
        for row in site.json("check", "--digest"):
            found.setdefault(row["record"], {})[site.name] = row["digest"]
    return found

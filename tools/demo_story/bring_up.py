"""A hub, the central team's desk, and how a site is let in."""
from world import Site, private_file


def start_hub_and_desk(world):
    """The hub answers when this returns, and the desk is set up."""
    printed = private_file(world.folder / "hub.txt", world.hub_run("init"))
    desk = Site(world, "Central Team", "central", "Dee Example")
    first_list = world.folder / "first-list"
    facts = desk.json("desk", "init", "--name", "Central Team", "--hub-file", printed, "--list", str(first_list))
    desk.trusted = facts["key"], facts["key_words"]
    trust(desk, first_list)
    world.serve()
    (desk.data / "node.toml").write_text(f'[hub]\nurl = "{world.url}"\n')
    desk.sync()
    return desk


def trust(desk, listed):
    """The hub's operator types what the desk reads aloud."""
    key, words = desk.trusted
    desk.world.hub_run("trust", key, "--list", listed, "--words", words)


def ask_in(desk, site):
    """The site has the words that it reads aloud to the desk."""
    invitation = ["--kind", site.kind, *(("--establishment", site.establishment) if site.establishment else ())]
    code = desk.json("desk", "invite", site.name, *invitation)["code"]
    return site.json("enrol", code, "--hub", desk.world.url, "--label", "Reception PC")["words"]


def let_in_another(desk, site, label):
    """A further computer of an organisation that takes part already."""
    code = desk.json("desk", "invite", site.name, "--another")["code"]
    let_in(desk, site, site.json("enrol", code, "--hub", desk.world.url, "--label", label)["words"])


def let_in_by_file(desk, site, stick):
    """Invitation out, request back, answer out; neither is on a network."""
    invitation, request, answer = (str(stick / f"{site.data.name}.{part}") for part in ("invitation", "request", "answer"))
    code = desk.json("desk", "invite", site.name, "--kind", site.kind, "--out", invitation,
                     *(("--establishment", site.establishment) if site.establishment else ()))["code"]
    asked = site.json("enrol", code, "--invitation", invitation, "--request", request, "--label", "Reception PC")
    taken = desk.json("desk", "take", request)
    desk.run("desk", "approve", taken["request"], "--words", asked["words"], "--out", answer)
    site.run("enrol", "--approval", answer)


def let_in(desk, site, words):
    request = next(row for row in desk.json("desk", "requests") if row["words"] == words)
    desk.run("desk", "approve", request["request"], "--words", words)
    desk.sync()
    site.sync()


def agree(desk, prison, partner):
    desk.run("desk", "agree", prison.name, partner.name, "--kinds", "case", "--until", "2099-12-31")

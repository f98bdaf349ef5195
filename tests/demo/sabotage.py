"""What may go wrong in the story: for each step some twins, each with one thing gone wrong that the step must notice."""
import contextlib
from unittest import mock

import damage
import steps
from pages import Pages
from world import Broken, Site, World

BASIS = ("--law", "UK GDPR", "--ground", "Public task", "--purpose", "made up", "--what", "IDENTITY")


class Botched(Exception):
    """The sabotage itself did not work, so nothing can be said about the step."""


def meddle(do):
    try:
        do()
    except Broken as broken:
        raise Botched(str(broken)) from broken


@contextlib.contextmanager
def on_command(name, words, act):
    """act(real) takes the place of every command of this site that begins with these words."""
    real = Site.run

    def run(self, *command, **more):
        typed = command[1:] if command[0] == "--json" else command
        if self.name == name and typed[:len(words)] == words:
            return act(lambda: real(self, *command, **more))
        return real(self, *command, **more)
    with mock.patch.object(Site, "run", run):
        yield


def without(name, *words, said="{}"):
    return on_command(name, words, lambda real: said)


def before(name, *words, do):
    """Somebody does something else just before the first such command."""
    to_do = [do]
    return on_command(name, words, lambda real: (to_do and meddle(to_do.pop()), real())[1])


def without_effect(where, name):
    return mock.patch.object(where, name, lambda *given, **more: None)


def never_sent(form, by=None):
    """Somebody fills this form and does not press its button; `by`: only at this site."""
    real = Pages.send

    def send(self, path, action, **fields):
        return "" if form in action and by in (None, self.site.name) else real(self, path, action, **fields)
    return mock.patch.object(Pages, "send", send)


@contextlib.contextmanager
def both(first, second):
    with first, second:
        yield


# ---- what somebody else does

def adds_a_row(story):
    for sheet in (story.world.folder / "sheets").glob("prison-*.csv"):
        columns = sheet.read_text(encoding="utf-8").splitlines()[0].count(",")
        with open(sheet, "a", encoding="utf-8") as file:
            file.write("Zed,Addedlater" + "," * (columns - 1) + "\r\n")


def sets(site, story, *fields):
    site.run("record", "set", story.case, *fields, "--reason", "made up")


def agrees_with_harbour(story):
    story.desk.run("desk", "agree", "HMP Leeds", "Harbour Project", "--kinds", "case", "--until", "2099-12-31")
    steps.sync(story.desk, story.leeds)


def applies_by_that_name(story):
    """A letter with the name in it, which the exchange holds for the desk."""
    code = story.desk.json("desk", "invite", steps.NAME, "--kind", "partner")["code"]
    Site(story.world, steps.NAME, "partner", "Eve Example").run("enrol", code, "--hub", story.world.url)


def leaves_an_export(story):
    (story.world.folder / "export.txt").write_text(f"For {steps.NAME}\n")


def hub_is_back_for_a_while(story):
    story.world.serve()
    steps.sync(story.leeds, story.bridge)
    story.world.stop_hub()


def lowered_risk_holds(story):
    """The partner's own program shows what was entered last, not what is stricter."""
    def shown(real):
        last = story.bridge.json("record", "history", story.case, "--field", "risk-to-public")[0]["value"]
        return real().replace("RISK_MEDIUM", f"RISK_{last.upper()}")
    return on_command("Bridge Trust", ("record", "show"), shown)


def searching_the_hub(do):
    real = World.search_hub
    return mock.patch.object(World, "search_hub", lambda self, words: (meddle(do), real(self, words))[1])


def killed_too_late():
    return both(mock.patch.object(World, "kill", lambda self, process: process.wait() != 0),
                mock.patch.object(damage, "ATTEMPTS", 1))


# ---- the step it must break, what has gone wrong, and how

TWINS = [
    (1, "nobody approves a site", lambda story: without("Central Team", "desk", "approve")),
    (2, "a sheet is changed after its dry run", lambda story: on_command(
        "HMP Leeds", ("volunteer", "import"), lambda real: (real(), adds_a_row(story))[0])),
    (2, "one prison does not sync", lambda story: without("HMP Durham", "sync")),
    (3, "the ground is recorded too early", lambda story: before(
        "HMP Leeds", "record", "new", "need", do=lambda: story.leeds.run(
            "handover", "basis", story.case, "--with", "Bridge Trust", *BASIS))),
    (3, "there is an agreement with the wrong partner", lambda story: before(
        "HMP Leeds", "handover", "basis", do=lambda: agrees_with_harbour(story))),
    (4, "the partner does not sync", lambda story: without("Bridge Trust", "sync")),
    (4, "nobody says that it was read", lambda story: never_sent("/read")),
    (5, "the hub stays up", lambda story: without_effect(World, "stop_hub")),
    (5, "the partner has heard of the prison's changes", lambda story: before(
        "Bridge Trust", "record", "show", do=lambda: hub_is_back_for_a_while(story))),
    (5, "the risk that the partner lowers is lower there", lowered_risk_holds),
    (6, "the prison has lowered the risk again", lambda story: before(
        "HMP Leeds", "sync", do=lambda: sets(story.leeds, story, "risk-to-public=Low"))),
    (6, "the partner does not sync", lambda story: without("Bridge Trust", "sync")),
    (6, "the partner has read the date before", lambda story: before(
        "Bridge Trust", "conflict", "list", do=lambda: story.bridge.run("handover", "read", story.case))),
    (7, "the prison does not decide", lambda story: never_sent("/changed-in-two-places", by="HMP Leeds")),
    (7, "the desk does not decide", lambda story: never_sent("/changed-in-two-places", by="Central Team")),
    (7, "the partner does not hear of it", lambda story: without("Bridge Trust", "sync")),
    (8, "the other prison has a copy", lambda story: before("HMP Durham", "handover", "list", do=lambda: story.durham.run(
        "handover", "new", f"family-name={steps.NAME}"))),
    (8, "the other partner has a word of it where no list shows it", lambda story: before(
        "Harbour Project", "sync", do=lambda: story.harbour.run(
            "record", "new", "incident", "happened-on=2026-11-01", "kind=Other", "what-happened=Main gate"))),
    (8, "the hub comes to know the name", lambda story: searching_the_hub(lambda: applies_by_that_name(story))),
    (8, "an export is left in the clear", lambda story: searching_the_hub(lambda: leaves_an_export(story))),
    (9, "a sync ends before it is killed", lambda story: killed_too_late()),
    (9, "the killed node is not started again", lambda story: without("HMP Leeds", "sync")),
    (9, "the desk does not sync", lambda story: without("Central Team", "sync")),
    (9, "no old copy is put back", lambda story: without_effect(Site, "put_back")),
    (10, "the partner has missed the last change", lambda story: both(
        without("Bridge Trust", "sync"),
        before("HMP Leeds", "sync", do=lambda: sets(story.leeds, story, "known-as=Lex")))),
    (10, "no bit is flipped", lambda story: without_effect(steps, "flip_bit")),
]

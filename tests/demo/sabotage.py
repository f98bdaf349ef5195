"""How one thing is made to go wrong in the story."""
import contextlib
import copy
import datetime
import re
import shutil
import time
from unittest import mock

import damage
import steps
import two_places
from pages import Pages, signed_in
from views import NAME
from world import Broken, Site, World



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


def after_first():
    """Only the first such command is carried out."""
    done = []
    return lambda real: "{}" if done else (done.append(True), real())[1]


def before(name, *words, do):
    """Somebody does something else just before the first such command."""
    to_do = [do]
    return on_command(name, words, lambda real: (to_do and meddle(to_do.pop()), real())[1])


def without_effect(where, name):
    return mock.patch.object(where, name, lambda *given, **more: None)


@contextlib.contextmanager
def copy_of(site):
    """Another computer, of which nobody ever hears."""
    other = copy.copy(site)
    other.data = site.world.folder / "other-computer"
    site.copy_to(other.data)
    try:
        yield other
    finally:
        shutil.rmtree(other.data)


def never_sent(form, by=None):
    """Whoever fills this form is answered as ever, but the site knows nothing of it; `by`: only at this site."""
    real = Pages.send

    def send(self, path, action, expect=200, **fields):
        if form not in action or by not in (None, self.site.name):
            return real(self, path, action, expect, **fields)
        with copy_of(self.site) as other, signed_in(other) as pages:
            return real(pages, path, action, expect, **fields)
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
    code = story.desk.json("desk", "invite", NAME, "--kind", "partner")["code"]
    Site(story.world, NAME, "partner", "Eve Example").run("enrol", code, "--hub", story.world.url)


def leaves_an_export(story):
    (story.world.folder / "export.txt").write_text(f"For {NAME}\n")


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


def flipped_in_the_next_page():
    real = damage.flip_bit
    return mock.patch.object(damage, "flip_bit", lambda file, offset: real(file, offset + damage.PAGE_BYTES))


# ---- step 7: programs that show when it was saved as when it reached us

def in_another_minute(story):
    """Times are told to the minute, so it must have passed since both decided."""
    risk = two_places.DECISIONS[1].field
    saved = story.desk.json("record", "history", story.case, "--field", risk)[0]["when"]
    while datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC") == saved:
        time.sleep(1)


def history_shows_when_saved(story):
    in_another_minute(story)
    real = Site.json

    def rows(self, *command):
        found = real(self, *command)
        return [{**row, "reached_us": row["when"]} for row in found] if command[:2] == ("record", "history") else found
    return mock.patch.object(Site, "json", rows)


def page_shows_when_saved(story):
    in_another_minute(story)
    real = Pages.ask

    def told(item):
        saved = re.search(r"<time[^>]*>([^<]+)<", item)
        return re.sub(r"(Reached us on )[^<]+", rf"\g<1>{saved.group(1)}", item) if saved else item

    def ask(self, *given, **more):
        first, *items = re.split('(?=<div class="moj-timeline__item">)', real(self, *given, **more))
        return first + "".join(map(told, items))
    return mock.patch.object(Pages, "ask", ask)

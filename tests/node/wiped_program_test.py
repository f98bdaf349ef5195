#!/usr/bin/env python3
"""The real program with pages.wipe_on_lock: once nobody's pages are open, and when it is told that the computer is about to
sleep, no key and no text is in its memory, its pages answer 423, and what was typed is saved by the next sign-in. Made-up
people.

usage: wiped_program_test.py THROUGHGATE-HUB THROUGHGATE-NODE KEYS-OF-STORE CODES-FOLDER"""
import contextlib
import html
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from cli_test import Browser
from process_memory import MAY_LOOK, places
from real_programs import CODES, NODE, PASSWORD, Hub, Refused, bring_up, free_port, run

KEYS_OF_STORE = sys.argv[3]
NAME, LATER_NAME = "Wintergreen-Planted", "Marjoram-Planted"
WAITS = "keys wiped"


def keys_of(site):
    with tempfile.TemporaryDirectory() as copy:
        for part in site.data.glob("store.db*"):
            shutil.copy(part, copy)
        lines = run(KEYS_OF_STORE, f"{copy}/store.db", str(site.data), "jo", site.password).splitlines()
    keys = {what: bytes.fromhex(digits) for what, digits in map(str.split, lines)}
    assert {"database", "from-password", "signing", "box", "record-0"} <= keys.keys(), keys.keys()
    return keys


def within(seconds, what):
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


class Served:
    def __init__(self, folder, site):
        self.site, self.port, self.log = site, free_port(), folder / "serve.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([NODE, "--data", site.data, "--codes", CODES, "serve", "--port", str(self.port),
                                             "--sync-every", "1"], stdout=log, stderr=log)
        self.browser = Browser(self.port)
        assert within(30, self.answers), self.log.read_text()

    def answers(self):
        with contextlib.suppress(OSError):
            return self.browser.ask("GET", "/sign-in")[0].status == 200

    def times_wiped(self):
        return self.log.read_text().count(WAITS)

    def holds(self, sought):
        return {what: count for what, count in places(self.process.pid, sought).items() if count} if MAY_LOOK else {}

    def holds_nothing(self, sought):
        """At once of keys; of what a browser sent, as soon as its connection has ended."""
        left = None

        def none_left():
            nonlocal left
            left = self.holds(sought)
            return not left
        assert within(8, none_left), left


def filled(page, **typed):
    """The page's last form as a browser sends it."""
    form, fields = page[page.rindex('<form method="post"'):], {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = (re.search(rf'{each}="([^"]*)"', tag) for each in ("name", "value"))
        if name and 'type="hidden"' in tag:
            fields[html.unescape(name.group(1))] = html.unescape(value.group(1)) if value else ""
    return fields | {name.replace("_", "-"): value for name, value in typed.items()}


def add_volunteer(browser, name):
    answer, page = browser.ask("GET", "/volunteers/new")
    assert answer.status == 200, page
    return browser.ask("POST", "/volunteers/new", filled(page, given_name="Ann", family_name=name))


def names_at(site):
    return {row["family_name"] for row in site.json("record", "list", "volunteer")}


def signed_out(served, keys):
    browser = served.browser
    assert browser.sign_in("jo", PASSWORD) == 303
    answer, page = add_volunteer(browser, NAME)
    assert answer.status == 303, page
    volunteer = answer.getheader("Location")
    assert NAME in browser.ask("GET", volunteer)[1]
    if MAY_LOOK:  # the search sees what is there
        held = served.holds(keys | {"text": NAME.encode()})
        assert {"database", "signing", "box"} <= held.keys(), held
    token = re.search(r'name="csrf" value="([^"]+)"', browser.ask("GET", volunteer)[1]).group(1)
    assert browser.ask("POST", "/sign-out", {"csrf": token})[0].status == 303
    assert within(10, lambda: served.times_wiped() == 1), served.log.read_text()
    served.holds_nothing(keys)
    served.holds_nothing({"text": NAME.encode(), "password": PASSWORD.encode()})
    assert "Nothing is sent or received" in browser.ask("GET", "/sign-in")[1]
    return volunteer


def told_by_the_service(served):
    """The service that says it finds this program: only looked for, as it would tell all there are."""
    unit = (pathlib.Path(__file__).parents[2] / "config/systemd/throughgate-sleep.service").read_text()
    pattern = re.search(r'pkill --signal USR1 --full "([^"]+)"', unit).group(1)
    found = subprocess.run(["pgrep", "--full", pattern], capture_output=True, text=True, check=False).stdout.split()
    assert str(served.process.pid) in found, found


def about_to_sleep(served, keys, volunteer):
    browser, other = served.browser, Browser(served.port)
    assert browser.sign_in("jo", PASSWORD) == 303 and other.sign_in("jo", PASSWORD) == 303
    assert NAME in browser.ask("GET", volunteer)[1]
    form = browser.ask("GET", "/volunteers/new")[1]
    served.process.send_signal(signal.SIGUSR1)
    assert within(5, lambda: served.times_wiped() == 2), served.log.read_text()
    served.holds_nothing(keys | {"text": NAME.encode(), "password": PASSWORD.encode()})
    for each in browser, other:
        answer, page = each.ask("GET", volunteer)
        assert answer.status == 423 and NAME not in page and "Nothing is sent or received" in page, page
    answer, locked = browser.ask("POST", "/volunteers/new", filled(form, given_name="Ann", family_name=LATER_NAME))
    assert answer.status == 423 and "Sign in to save it" in locked, locked
    served.holds_nothing({"typed meanwhile": LATER_NAME.encode()})  # the browser has it, nobody else
    answer, page = browser.ask("POST", "/sign-in", filled(locked, name="jo", password=PASSWORD))
    assert answer.status == 303 and answer.getheader("Location").startswith("/volunteers/"), page
    assert LATER_NAME in browser.ask("GET", answer.getheader("Location"))[1]
    assert other.ask("GET", volunteer)[0].status == 423  # their own password opens theirs


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hub = Hub(folder)
        try:
            _, prison, _ = bring_up(folder, hub)
            settings = prison.data / "node.toml"
            settings.write_text((settings.read_text() if settings.exists() else "") + "[pages]\nwipe_on_lock = true\n")
            prison.json("record", "new", "volunteer", "given-name=Cy", "family-name=Pretended")
            keys = keys_of(prison)
            served = Served(folder, prison)
            try:
                volunteer = signed_out(served, keys)
                told_by_the_service(served)
                about_to_sleep(served, keys, volunteer)
                assert "jo" not in served.log.read_text().split() and NAME not in served.log.read_text()
            finally:
                served.process.terminate()
                assert served.process.wait(30) == 0
            assert {NAME, LATER_NAME} <= names_at(prison)
        finally:
            hub.stop()
    print("wiped memory: all as promised" if MAY_LOOK else "wiped memory: as promised; only root can look into it")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))

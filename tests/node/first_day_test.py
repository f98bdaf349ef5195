#!/usr/bin/env python3
"""The real program where there is no store: it tells a code, sets this computer up by its pages, and goes on to sign in
without being started again. What others of the computer try is refused; a program that is killed half-way leaves nothing;
nothing that was typed stands in what it writes. Made-up people.

usage: first_day_test.py THROUGHGATE-NODE CODES-FOLDER"""
import html
import http.client
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

from process_memory import MAY_LOOK, places

NODE, CODES = sys.argv[1:3]
PASSWORD = "seven green kettles sing"
CODE = re.compile(r"^ {4}([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})$", re.M)


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


class Program:
    """`serve` at a folder, and what it has said."""

    def __init__(self, folder, data, *before):
        self.port, self.log = free_port(), folder / f"said-{time.monotonic_ns()}"
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen([NODE, "--data", data, "--codes", CODES, *before, "serve", "--port", str(self.port),
                                             "--sync-every", "0"], stdout=out, stderr=out)

    def said(self):
        return self.log.read_text()

    def wait_for(self, words):
        for _ in range(600):
            if words.search(self.said()):
                return words.search(self.said())
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)
        raise AssertionError(f"it never said {words.pattern}: {self.said()}")

    def code(self):
        return self.wait_for(CODE).group(1)

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(30)


class Browser:
    def __init__(self, port):
        self.port, self.cookie = port, None

    def ask(self, method, target, body=None, **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        head = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        if self.cookie:
            head["Cookie"] = f"__Host-sid={self.cookie}"
        connection.request(method, target, body, head | fields)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        given = re.match(r"__Host-sid=([0-9a-f]{64})", answer.getheader("Set-Cookie") or "")
        if given:
            self.cookie = given.group(1)
        return answer, text

    def page(self, target):
        answer, text = self.ask("GET", target)
        return self.page(answer.getheader("Location")) if answer.status == 303 else (answer, text)

    def send(self, target, typed, fields=None):
        """The form at an address, sent with what is typed; the address that it leads to, or the page that refuses it."""
        _, text = self.page(target)
        token = re.search(r'name="csrf" value="([^"]*)"', text).group(1)
        answer, page = self.ask("POST", target, urllib.parse.urlencode([("csrf", token), *typed]), **(fields or {}))
        return answer.getheader("Location") or (answer.status, html.unescape(page))

    def sign_in(self, name):
        return self.send("/sign-in", [("name", name), ("password", PASSWORD), ("return_to", "/")])


def up_to_sheet(browser, code):
    assert browser.send("/set-up", [("code", code)]) == "/set-up/which-computer"
    for page, typed in [("which-computer", [("which-computer", "first")]), ("kind", [("kind", "prison")]), ("prison", [("prison", "LEI")]),
                        ("name", [("name", "HMP Leeds")]), ("person", [("person", "Mary Okafor"), ("sign-in", "mary"), ("roles", "coordinator")]),
                        ("check", [])]:
        led_to = browser.send(f"/set-up/{page}", typed)
        assert str(led_to).startswith("/set-up/"), (page, led_to)
    return re.findall(r"<li>([a-z]+)</li>", browser.page("/set-up/recovery-sheet")[1])


def keep(browser, words):
    browser.send("/set-up/recovery-sheet", [])
    asked = [int(each) for each in re.findall(r'name="word-(\d+)"', browser.page("/set-up/words")[1])]
    assert browser.send("/set-up/words", [(f"word-{each}", words[each - 1]) for each in asked]) == "/set-up/password"


def last_page(browser):
    return browser.send("/set-up/password", [("new-password", PASSWORD), ("again-password", PASSWORD)])


def forgets(program, words):
    """Of what was typed and shown nothing is left in memory, once the connections that brought it have ended."""
    sought = {"password": PASSWORD.encode(), "as it was sent": urllib.parse.quote_plus(PASSWORD).encode(), "name": b"Mary Okafor",
              "words": " ".join(words[:4]).encode(), "the sheet": f"<li>{words[0]}</li><li>{words[1]}".encode()}
    left = {}
    for _ in range(80):
        left = {what: count for what, count in places(program.process.pid, sought).items() if count}
        if not left:
            return
        time.sleep(0.1)
    raise AssertionError(left)


def whole_way(folder):
    data = folder / "data"
    program = Program(folder, data)
    code = program.code()
    browser, other = Browser(program.port), Browser(program.port)
    assert "Set-up code" in browser.page("/")[1]
    for fields in ({"Origin": "http://evil.example"}, {"Origin": f"http://127.0.0.1:{program.port + 1}"}, {"Host": "evil.example"}):
        assert browser.send("/set-up", [("code", code)], fields)[0] in (403, 421), fields
    assert browser.ask("POST", "/set-up", f"code={code}")[0].status == 403
    assert other.send("/set-up", [("code", "AAAA-BBBB-CCCC")])[0] == 422
    words = up_to_sheet(browser, code)
    assert len(words) == 24
    assert "Somebody is setting this computer up" in other.page("/set-up/recovery-sheet")[1]
    assert not list(data.iterdir())
    keep(browser, words)
    if MAY_LOOK:  # the search sees what is there
        assert places(program.process.pid, {"name": b"Mary Okafor"})["name"] > 0
    assert last_page(browser) == "/sign-in"
    if MAY_LOOK:
        forgets(program, words)
    assert browser.sign_in("mary") == "/"
    assert "HMP Leeds" in browser.page("/")[1]
    assert other.page("/set-up")[0].status == 404, "the set-up is over"
    program.wait_for(re.compile("This computer is set up"))
    assert program.end() == 0
    said = program.said()
    for secret in (PASSWORD, " ".join(words[:3]), "Mary", "Leeds"):
        assert secret not in said, (secret, said)
    return data, words


def is_never_made_anew(folder, data):
    keys, store = (data / "keys").read_bytes(), (data / "store.db").stat().st_size
    program = Program(folder, data)
    program.wait_for(re.compile("Open http"))
    browser = Browser(program.port)
    assert browser.page("/set-up")[0].status == 404 and browser.sign_in("mary") == "/"
    assert program.end() == 0 and not CODE.search(program.said())
    assert (data / "keys").read_bytes() == keys and (data / "store.db").stat().st_size >= store
    # Half of it is no reason to make another either.
    for name, missing in (("keys", "keys"), ("store.db", "store.db")):
        away = folder / "away"
        shutil.move(data / name, away)
        refused = Program(folder, data)
        assert refused.process.wait(30) == 1 and missing in refused.said() and not CODE.search(refused.said()), refused.said()
        shutil.move(away, data / name)


def is_one_with_commands(folder, data, words):
    """The sheet and the password are those that commands know."""
    secret, sheet = folder / "password", folder / "words"
    for file, text in ((secret, PASSWORD), (sheet, " ".join(words))):
        file.write_text(text + "\n")
        file.chmod(0o600)
    for way in (["--as", "mary", "--password-file", secret], ["--recovery-sheet", sheet]):
        done = subprocess.run([NODE, "--data", data, "--codes", CODES, *way, "status"], capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "HMP Leeds" in done.stdout, done
    again = subprocess.run([NODE, "--data", data, "--codes", CODES, "init", "--name", "X", "--kind", "partner", "--staff", "Y", "--sign-in", "y",
                            "--new-password-file", secret], capture_output=True, text=True, check=False)
    assert again.returncode == 1 and "already holds" in again.stderr, again


def broken_off(folder):
    data = folder / "broken-off"
    for _ in range(2):
        program = Program(folder, data)
        browser = Browser(program.port)
        keep(browser, up_to_sheet(browser, program.code()))
        program.end(signal.SIGKILL)
        assert not list(data.iterdir())
    program = Program(folder, data)
    code = program.code()
    old, browser = browser, Browser(program.port)
    old.port = program.port
    assert "Set-up code" in old.page("/set-up/password")[1]
    keep(browser, up_to_sheet(browser, code))
    assert last_page(browser) == "/sign-in" and browser.sign_in("mary") == "/"
    assert program.end() == 0


def unattended(folder):
    """Nobody is asked where a key file says that nobody is there; and one that was made meanwhile is not made again."""
    refused = Program(folder, folder / "nothing-here", "--key-file", folder / "no-key")
    assert refused.process.wait(30) == 1 and "There is no Throughgate store" in refused.said(), refused.said()
    program = Program(folder, folder / "meanwhile")
    browser = Browser(program.port)
    keep(browser, up_to_sheet(browser, program.code()))
    secret = folder / "password"
    subprocess.run([NODE, "--data", folder / "meanwhile", "--codes", CODES, "init", "--name", "X", "--kind", "partner", "--staff", "Y", "--sign-in",
                    "y", "--new-password-file", secret], capture_output=True, check=True)
    keys = (folder / "meanwhile" / "keys").read_bytes()
    answer, page = browser.page("/set-up/password")
    assert answer.status == 409 and "set up already" in page, page
    assert (folder / "meanwhile" / "keys").read_bytes() == keys
    assert program.end() == 0


def main():
    with tempfile.TemporaryDirectory(prefix="throughgate-first-day-") as name:
        folder = pathlib.Path(name)
        data, words = whole_way(folder)
        is_never_made_anew(folder, data)
        is_one_with_commands(folder, data, words)
        broken_off(folder)
        unattended(folder)
    print("a computer is set up by its pages, once")


main()

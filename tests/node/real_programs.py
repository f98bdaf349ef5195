"""What the tests of the real programs share: sites and a hub that run the programs, and the steps that bring them up.
Made-up people. Their command lines begin with THROUGHGATE-HUB THROUGHGATE-NODE and end with CODES-FOLDER."""
import contextlib
import json
import pathlib
import random
import re
import socket
import subprocess
import sys
import time

HUB, NODE, CODES = sys.argv[1], sys.argv[2], sys.argv[-1]
PASSWORD = "plum lantern otter 9"
COMPLETE = ["given-name=Alex", "family-name=Invented", "date-of-birth=1990-05-06", "prison-number=A1234BC",
            "establishment=LEI", "languages=English", "communication-needs=none", "release-date=2099-12-04",
            "release-date-confidence=Likely", "release-type=CR", "release-area=Leeds",
            "contact-route=through the prison", "risk-to-staff=Medium", "licence-headline=not near the old town",
            "first-appointment-on=2099-12-04", "sender-telephone=07700 900100"]
COVERED = ["IDENTITY", "CONTACT", "RELEASE", "RISK_FLAGS", "RISK_LEVELS", "LICENCE", "NEEDS", "HEALTH"]


class Refused(Exception):
    pass


def run(program, *arguments, expect=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          start_new_session=True)  # no terminal to ask
    if done.returncode != expect:
        raise Refused(f"{pathlib.Path(program).name} {arguments}: exit code {done.returncode}, not {expect}\n"
                      f"{done.stdout}{done.stderr}")
    if expect == 1 and not re.match(r"[A-Z/].*\.$", done.stderr.strip().splitlines()[-1]):
        raise Refused(f"not a plain sentence: {done.stderr}")
    return done.stdout if expect == 0 else done.stderr


def private_file(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return str(path)


class Site:
    def __init__(self, folder, name, kind, *more):
        self.data = folder / kind
        self.password = private_file(folder / f"{kind}.password", PASSWORD)
        self.sheet = run(NODE, "--data", self.data, "--codes", CODES, "init", "--name", name, "--kind", kind, "--staff", "Jo Made-Up",
                         "--sign-in", "jo", "--new-password-file", self.password, *more)

    def run(self, *arguments, expect=0):
        return run(NODE, "--data", self.data, "--as", "jo", "--password-file", self.password, "--codes", CODES,
                   *arguments, expect=expect)

    def json(self, *arguments):
        return json.loads(self.run("--json", *arguments))


def free_port():
    """Below those that the system hands out by itself."""
    for _ in range(100):
        with socket.socket() as door, contextlib.suppress(OSError):
            port = random.SystemRandom().randrange(20_000, 32_000)
            door.bind(("127.0.0.1", port))
            return port
    raise Refused("no port is free")


class Hub:
    def __init__(self, folder):
        self.store, self.key_file, self.settings = folder / "hub.db", folder / "hub.key", str(folder / "hub.toml")
        pathlib.Path(self.settings).write_text(
            f'[store]\nfile = "{self.store}"\nkey_file = "{self.key_file}"\n[server]\nport = {free_port()}\n')
        self.printed = private_file(folder / "hub.txt", run(HUB, "--settings", self.settings, "init"))
        self.process = None

    def serve(self):
        log = pathlib.Path(self.settings).with_suffix(".log")  # a pipe that nobody reads would hold it up
        with open(log, "wb") as out:
            self.process = subprocess.Popen([HUB, "--settings", self.settings, "serve"], stdout=out, stderr=out)
        for _ in range(600):
            found = re.search(rb"Listening on (\S+) port (\d+)", log.read_bytes())
            if found:
                return f"http://{found.group(1).decode()}:{found.group(2).decode()}"
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise Refused("the hub did not start")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)


def refused_for(site, words, *arguments, expect=1):
    said = site.run(*arguments, expect=expect)
    assert words in said, said


def exchange(*sites):
    for site in sites:
        site.run("sync")


def let_in(desk, site, url, *invitation):
    code = desk.json("desk", "invite", *invitation)["code"]
    words = site.json("enrol", code, "--hub", url, "--label", "Reception PC")["words"]
    request = next(row for row in desk.json("desk", "requests") if row["words"] == words)
    desk.run("desk", "approve", request["request"], "--words", words)
    exchange(desk, site)


def bring_up(folder, hub):
    """A desk, a prison and a partner that may be handed people over, on a network."""
    desk, listed = Site(folder, "Central Made-Up Team", "central"), str(folder / "list")
    facts = desk.json("desk", "init", "--name", "Central Made-Up Team", "--hub-file", hub.printed, "--list", listed)
    run(HUB, "--settings", hub.settings, "trust", facts["key"], "--list", listed, "--words", facts["key_words"])
    url = hub.serve()
    (desk.data / "node.toml").write_text(f'[hub]\nurl = "{url}"\n')
    exchange(desk)
    prison = Site(folder, "HMP Made Up", "prison", "--establishment", "LEI")
    partner = Site(folder, "Made-Up Partner", "partner")
    let_in(desk, prison, url, "HMP Made Up", "--kind", "prison", "--establishment", "LEI")
    let_in(desk, partner, url, "Made-Up Partner", "--kind", "partner")
    desk.run("desk", "agree", "HMP Made Up", "Made-Up Partner", "--kinds", "handovers,volunteers", "--until",
             "2099-12-31")
    exchange(desk, prison, partner)
    return desk, prison, partner


def grounded(prison, case):
    """A ground for all that a handover holds."""
    prison.run("handover", "basis", case, "--with", "Made-Up Partner", "--law", "UK GDPR", "--ground", "Public task",
               "--purpose", "support after release", *[word for kind in COVERED for word in ("--what", kind)])


@contextlib.contextmanager
def pages_of(site, log):
    """A site's pages: their process, and the port that they answer on."""
    port = free_port()
    with open(log, "wb") as out:
        process = subprocess.Popen([NODE, "--data", site.data, "--codes", CODES, "serve", "--port", str(port), "--sync-every",
                                    "0"], stdout=out, stderr=out)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            if process.poll() is not None:
                raise Refused(f"the pages did not start: {log.read_text()}")
            time.sleep(0.05)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)

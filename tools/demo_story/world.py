"""The programs of the story, each its own process: a hub, and sites with an encrypted store each. All that the story does
and sees goes through Site.run(), World.run() and the few things below that only hands can do to a computer."""
import concurrent.futures
import contextlib
import copy
import fcntl
import json
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PASSWORD = "plum lantern otter 9"
UNATTENDED = ("sync", "status", "check", "serve")  # nobody needs to be there: the key file opens the store


class Broken(Exception):
    """Something in the story did not hold."""


def see(what, saw, wanted):
    """Says what was seen; the story ends here unless it is what was wanted."""
    if saw != wanted:
        raise Broken(f"{what}: wanted {wanted!r}, saw {saw!r}")
    print(f"   {what}: {in_words(saw)}")


def in_words(saw):
    """As a reader has it: no quotation marks, brackets or words of a program."""
    if saw is None:
        return "nothing"
    if isinstance(saw, bool):
        return "yes" if saw else "no"
    if isinstance(saw, dict):
        return ", ".join(f"{name} {in_words(value)}" for name, value in saw.items())
    if isinstance(saw, (list, tuple)):
        within = ["/".join(map(in_words, each)) if isinstance(each, (list, tuple)) else in_words(each) for each in saw]
        return ", ".join(within) or "none"
    return str(saw)


def see_words(what, said, pattern):
    """The same for a sentence, of which `pattern` must be all."""
    if not re.fullmatch(pattern, said):
        raise Broken(f"{what}: wanted {pattern!r}, saw {said!r}")
    print(f"   {what}: {said}")


def see_part(what, page, pattern):
    """The same for a part of a page; what was found."""
    found = re.search(pattern, page)
    if not found:
        raise Broken(f"{what}: wanted {pattern!r}, saw {page[:1500]!r}")
    print(f"   {what}: {found.group()}")
    return found


def words_in(searched):
    return [word for word, pages in searched["found"].items() if pages]


def see_pages(what, searched, wanted):
    looked_at = f"{searched['pages']} pages searched, {searched['log_pages']} more in the log"
    see(f"{what} ({looked_at})", words_in(searched), wanted)


def free_port():
    """Below those that the system hands out by itself, so that nobody takes it meanwhile."""
    for _ in range(100):
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as door, contextlib.suppress(OSError):
            door.bind(("127.0.0.1", port))
            return port
    raise Broken("no port is free")


def private_file(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return str(path)


class Site:
    """One organisation's computer: its folder, and the program run over it."""

    def __init__(self, world, name, kind, person, establishment=""):
        self.world, self.name, self.kind, self.person, self.establishment = world, name, kind, person, establishment
        self.label = name
        self.sign_in = person.split()[0].lower()
        self.data = world.folder / re.sub(r"\W+", "-", name.lower())
        self.password = private_file(world.folder / f"{self.data.name}.password", PASSWORD)
        self.sheet = self.initialise()  # for recovery, as printed

    def initialise(self, opened=(), more=()):
        said = self.world.run(self.world.node, "--data", self.data, "--codes", ROOT / "config/codes", *opened, "init",
                              "--name", self.name, "--kind", self.kind, "--staff", self.person, "--sign-in", self.sign_in,
                              "--new-password-file", self.password,
                              *(("--establishment", self.establishment) if self.establishment else ()), *more)
        self.key_file = self.world.folder / f"{self.data.name}.key"
        self.run("key-file", str(self.key_file))
        return said

    def sheet_words(self):
        rows = " ".join(re.findall(r"^\s+(?:\d+ \w+\s*){4}$", self.sheet, re.M))
        return " ".join(re.findall(r"\d+ (\w+)", rows))

    def second_computer(self, label):
        """Of the same organisation, set up from its recovery sheet; called `label` here."""
        sheet = private_file(self.world.folder / "recovery-sheet", self.sheet_words())
        number = re.search(r"^ +((?:[0-9a-f]{4}-){8}[0-9a-f]{4})$", self.sheet, re.M).group(1)
        other = copy.copy(self)
        other.label, other.data = label, self.world.folder / re.sub(r"\W+", "-", label.lower())
        other.initialise(["--recovery-sheet", sheet], ["--join", number])
        return other

    def arguments(self, command, data=None):
        opened = (["--key-file", self.key_file] if set(UNATTENDED) & set(command[:2]) and self.key_file.exists() else
                  ["--as", self.sign_in, "--password-file", self.password])
        return ["--data", data or self.data, *opened, "--codes", ROOT / "config/codes", *command]

    def run(self, *command, expect=0):
        return self.world.run(self.world.node, *self.arguments(command), expect=expect)

    def json(self, *command):
        return json.loads(self.run("--json", *command))

    def refused(self, *command):
        """What the program says when it refuses."""
        return self.run(*command, expect=1).strip().splitlines()[-1]

    def sync(self):
        return self.json("sync")

    def holds(self, kind):
        """All records of one kind, however many pages they fill."""
        return self.json("record", "list", kind, "--limit", "500")

    def start(self, *command, stdout=subprocess.DEVNULL):
        return subprocess.Popen([str(part) for part in (self.world.node, *self.arguments(command))],
                                stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.DEVNULL,
                                start_new_session=True)

    def is_syncing(self):
        """Asks for the lock that a sync holds. One that begins in this very moment is refused it, and ends at once."""
        with open(self.data / "sync.lock", "rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def copy_to(self, folder):
        shutil.copytree(self.data, folder)

    def put_back(self, folder):
        """As somebody does who has only an old copy of the folder."""
        shutil.rmtree(self.data)
        shutil.copytree(folder, self.data)


class World:
    def __init__(self, folder, programs):
        self.folder = folder
        self.node = (programs / "node/throughgate-node").resolve()
        self.hub = (programs / "hub/throughgate-hub").resolve()
        self.stepper = (programs / "tools/demo_story/take_steps").resolve()
        self.searcher = (programs / "tests/demo/search_store").resolve()
        self.settings = folder / "hub.toml"
        self.settings.write_text(f'[store]\nfile = "{folder}/hub.db"\nkey_file = "{folder}/hub.key"\n[server]\n'
                                 f"port = {free_port()}\n")
        self.hub_process, self.url, self.commands = None, None, 0

    def run(self, program, *arguments, expect=0, said=""):
        """With no terminal, so that it asks nobody; `said` is what it may read instead."""
        self.commands += 1
        done = subprocess.run([str(program), *map(str, arguments)], capture_output=True, text=True, input=said,
                              start_new_session=True, check=False)
        if done.returncode != expect:
            raise Broken(f"{program.name} {' '.join(map(str, arguments[-6:]))}: exit code {done.returncode}, "
                         f"not {expect}\n{done.stdout}{done.stderr}")
        return done.stdout if expect == 0 else done.stderr

    def hub_run(self, *arguments):
        return self.run(self.hub, "--settings", self.settings, *arguments)

    def steps(self, site, lines):
        """Many steps of handovers in one go; see take_steps."""
        return self.run(self.stepper, site.data, site.key_file, site.sign_in, ROOT / "config/codes", said="\n".join(lines))

    def serve(self):
        """Its log goes to a file: a pipe that nobody reads would hold it up once full."""
        log = self.folder / "hub.log"
        with open(log, "ab") as out:
            before = out.tell()
            self.hub_process = subprocess.Popen([str(self.hub), "--settings", str(self.settings), "serve"],
                                                stdout=out, stderr=subprocess.DEVNULL)
        for _ in range(600):
            found = re.search(rb"Listening on (\S+) port (\d+)", log.read_bytes()[before:])
            if found:
                self.url = f"http://{found.group(1).decode()}:{found.group(2).decode()}"
                return
            if self.hub_process.poll() is not None:
                break
            time.sleep(0.05)
        raise Broken("the hub did not start")

    def hub_answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop_hub(self):
        if self.hub_process:
            self.hub_process.terminate()
            self.hub_process.wait(20)
            self.hub_process = None

    def kill(self, process):
        """True when it was still at work."""
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def search_pages(self, store, *opening, words):
        """Every decrypted page of a copy of this store, its free pages and its log too, searched for words."""
        copy = self.folder / "searched"
        copy.mkdir()
        try:
            for part in ("", "-wal"):
                if (source := store.with_name(store.name + part)).exists():
                    shutil.copy(source, copy / f"store.db{part}")
            return json.loads(self.run(self.searcher, copy / "store.db", *opening, *words))
        finally:
            shutil.rmtree(copy)

    def search_site(self, site, words):
        return self.search_pages(site.data / "store.db", "node", site.data, site.key_file, words=words)

    def search_hub(self, words):
        return self.search_pages(self.folder / "hub.db", "hub", self.folder / "hub.key", words=words)


def sync(*sites):
    for site in sites:
        site.sync()


def at_once(do, things):
    """Each on its own computer, so none waits for another; what came of each, in their order."""
    with concurrent.futures.ThreadPoolExecutor() as hands:
        return list(hands.map(do, things))


def wait_until(happens, seconds=20):
    ends = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > ends:
            return False
        time.sleep(0.001)
    return True

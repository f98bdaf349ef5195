#!/usr/bin/env python3
"""The real programs, with a mark in every sensitive field that can hold text: records of every type, refused forms and
commands, failed bundles and exchanges, memory that runs out, crashes. What they write for whoever runs them (logs, errors,
measurements, files beside the stores, what the system shows of a process) holds none of the marks. A command or a page that
is asked to show a record answers the person who asked: that is no log. Made-up people.

usage: log_leaks_test.py THROUGHGATE-HUB THROUGHGATE-NODE LEAKING-NODE CODES-FOLDER"""
import contextlib
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import types
import urllib.error
import urllib.request
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2] / "tools/demo_story"), str(HERE.parent), str(HERE)]
import pages  # noqa: E402
import real_programs as programs  # noqa: E402
from leak_scan import WORDS, forms, in_base64, marks_in, marks_in_folder  # noqa: E402
from marked_fields import PREFIX, mark, record_types  # noqa: E402
from planting import Planting  # noqa: E402
from real_programs import Hub, Refused, Site, bring_up, exchange, free_port  # noqa: E402

LEAKING = sys.argv[3]
# What people ask to be shown, or are shown of what they have just done; all else that is said is for whoever runs the program.
SHOWS = {"record", "handover", "volunteer", "search", "staff", "audit"}
NAME = f"{PREFIX} Invented-{PREFIX}"


class Heard:
    """All that was written for nobody who had asked to be shown it."""

    def __init__(self, folder):
        self.folder, self.parts, self.commands = folder, [], 0

    def note(self, where, text):
        self.parts.append((where, text if isinstance(text, bytes) else text.encode()))

    def leaks(self):
        said = {where: found for where, text in self.parts if (found := marks_in(text))}
        return said | marks_in_folder(self.folder, without=[self.folder / "typed"])

    def run(self, program, *arguments, expect=0):
        """In the place of real_programs.run()."""
        done = self.done(program, arguments)
        if done.returncode != expect:
            raise Refused(f"{arguments}: exit code {done.returncode}, not {expect}\n{done.stdout}{done.stderr}")
        return done.stdout if expect == 0 else done.stderr

    def done(self, program, arguments):
        words = [str(each) for each in arguments]
        own = words[words.index("--codes") + 2:] if "--codes" in words else ["hub"]
        command = next(each for each in own if not each.startswith("--"))
        done = subprocess.run([str(program), *words], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              start_new_session=True, preexec_fn=cores_allowed)
        self.commands += 1
        self.note(f"errors of {command}", done.stderr)
        if command not in SHOWS:
            self.note(f"said by {command}", done.stdout)
        return done


def cores_allowed():
    """So that nothing but the programs themselves keeps one from being written."""
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def tried(site, *command):
    """(Whether it was done, what was said.)"""
    done = HEARD.done(programs.NODE, ("--data", site.data, "--as", "jo", "--password-file", site.password, "--codes",
                                      programs.CODES, *command))
    return done.returncode == 0, done.stdout if done.returncode == 0 else done.stderr


def refused(site, *command):
    done, said = tried(site, *command)
    assert not done, f"was not refused: {command}: {said}"


# ---- what goes wrong

def wrong_values(site, planting):
    """Each kind of refusal, for a field of each type that has one."""
    for each in planting.types:
        kinds = {}
        for field in each.fields:
            if field.values:
                kinds["no such word"] = (field, PREFIX)
            elif field.rule.get("codes"):
                kinds["not in the list"] = (field, PREFIX)
            elif field.kind == "string" and mark(each, field):
                form = field.rule.get("format")
                kinds[f"too long or not {form}"] = (field, f"{PREFIX} " * 1500 if form in (None, "LONG_TEXT")
                                                    else f"{mark(each, field)}{PREFIX}/")
            else:
                kinds["not a number"] = (field, PREFIX)
        for field, typed in kinds.values():
            refused(site, "record", "new", each.name, f"{field.name}={typed}")


def wrong_commands(site, folder):
    for words in ([NAME], ["record", NAME], ["record", "new", NAME], ["record", "new", "volunteer", NAME],
                  ["record", "new", "volunteer", f"{PREFIX}=1"], ["record", "show", NAME], ["record", "show", "1234", NAME],
                  ["record", "list", "volunteer", "--limit", NAME], ["record", "list", "volunteer", f"--{PREFIX}"],
                  ["record", "codes", NAME], ["handover", "show", NAME], ["handover", "share", "12345", "--with", NAME],
                  ["staff", "leave", NAME, "--to", NAME], ["enrol", NAME], ["--as", NAME, "status"], ["status", NAME],
                  ["bundle", "export", "--to", NAME, str(folder / "stick")], ["desk", "invite", NAME, "--kind", NAME],
                  ["audit", "list", "--record", NAME], ["conflict", "list", NAME], ["subject-access", NAME, "--reason", NAME]):
        refused(site, *words)
    done = HEARD.done(programs.NODE, ("--data", site.data, "--as", NAME, "--password-file", site.password, "--codes",
                                      programs.CODES, "status"))
    assert done.returncode == 1, done.stderr
    done = HEARD.done(programs.NODE, ("--data", site.data, "--codes", programs.CODES, "root", NAME))
    assert done.returncode == 2, done.stderr


def wrong_files(site, folder):
    typed = folder / "typed"
    typed.mkdir()
    rows = f"First name,Last name,Email,Date of birth\n{NAME},{NAME},{PREFIX},{PREFIX}\n"
    for name, content in {"sound": rows, "torn": rows + f'"{NAME}', "headings": f"{NAME},{PREFIX}\n", "book": "PK\3\4" + NAME,
                          "long": rows + f"{NAME * 100000}\n"}.items():
        (typed / name).write_text(content)
        tried(site, "volunteer", "import", str(typed / name))
    (typed / "bundle").write_bytes(b"TGBUNDLE" + NAME.encode() * 40)
    for command in "import", "inspect":
        refused(site, "bundle", command, str(typed / "bundle"))


def by_stick(prison, partner, folder):
    stick = folder / "stick"
    stick.mkdir()
    prison.run("bundle", "export", "--to", "Made-Up Partner", str(stick))
    sound = next(stick.iterdir())
    partner.run("bundle", "import", str(sound))
    damaged = folder / "damaged.tgb"
    damaged.write_bytes(sound.read_bytes()[:-9] + b"123456789")
    refused(partner, "bundle", "import", str(damaged))


def strange_requests(hub_url):
    """What a stranger may write into an address, a header or a body; what the hub says of its health."""
    for path, body in ((f"/{PREFIX}", None), (f"/v1/sync?{PREFIX}", NAME.encode()), ("/v1/hello", NAME.encode()),
                       (f"/metrics?q={PREFIX}", None), ("/healthz", None), ("/metrics", None)):
        request = urllib.request.Request(hub_url + path, body, {"User-Agent": NAME, "Referer": f"http://{PREFIX}.example"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                said = answer.read()
        except urllib.error.HTTPError as error:
            said = error.read()
        HEARD.note(f"answer of the hub to {path.split('?')[0].replace(PREFIX, '...')}", said)


# ---- pages, and the process that serves them

class AddressedPages(pages.Pages):
    """Notes each address that the pages lead to."""

    def ask(self, method, path, fields=None, expect=200):
        HEARD.note("address of a page", path)
        return super().ask(method, path, fields, expect)


@contextlib.contextmanager
def serving(site, folder, name):
    """(The process, its pages with somebody signed in.) All that it says goes into a file of the folder."""
    port = free_port()
    with open(folder / f"{name}.log", "wb") as log:
        process = subprocess.Popen([programs.NODE, "--data", site.data, "--codes", programs.CODES, "serve", "--port", str(port),
                                    "--sync-every", "0"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   preexec_fn=cores_allowed)
    try:
        asked = AddressedPages(types.SimpleNamespace(name=name, sign_in="jo"), port)
        for _ in range(600):
            with contextlib.suppress(OSError):
                asked.sign_in()
                break
            time.sleep(0.05)
        yield process, asked
    finally:
        process.kill()
        process.wait(20)


def filled(asked, address, whose):
    """Every text of the form with a mark in it."""
    page = asked.ask("GET", address)
    form = re.search(rf'<form[^>]*action="{address}".*?</form>', page, re.S).group(0)
    texts = re.findall(r'<(?:input[^>]*name="([^"]+)"[^>]*type="text"|textarea[^>]*name="([^"]+)")', form)
    plain = [name for pair in texts for name in pair if name and not re.search("day|month|year", name)]
    return {name: f"{PREFIX}{whose}{name}" for name in plain} | {"email": f"{PREFIX}{whose}@example.org"}


def visited(asked, whose):
    """Forms that are saved, and refused, searched for and not found."""
    address = "/volunteers/new"
    typed = filled(asked, address, whose)
    assert len(typed) > 4, typed
    asked.send(address, address, **typed)
    asked.send(address, address, expect=422, **typed | {"email": f"{PREFIX} {PREFIX}"})
    said = pages.Pages.ask(asked, "GET", f"/search?q={PREFIX}")  # the one address that holds what was typed; see SECURITY.md
    assert PREFIX in said
    for path in f"/volunteers/{PREFIX}", f"/{PREFIX}":
        pages.Pages.ask(asked, "GET", path, expect=404)
    stranger = AddressedPages(types.SimpleNamespace(name="stranger", sign_in=NAME), asked.port)
    with contextlib.suppress(pages.Broken):
        stranger.sign_in()


def memory_runs_out(process, asked):
    """A form that there is no room for is answered or ends the program; neither tells what was in it."""
    now = int(re.search(r"VmSize:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text()).group(1)) << 10
    resource.prlimit(process.pid, resource.RLIMIT_AS, (now, now))
    with contextlib.suppress(pages.Broken, OSError, Exception):
        asked.ask("POST", "/volunteers/new", [("given-name", PREFIX * 30000)] * 40, expect=413)


def as_the_system_shows(process):
    for each in "cmdline", "environ", "comm", "status":
        HEARD.note(f"/proc {each} of a server", pathlib.Path(f"/proc/{process.pid}/{each}").read_bytes())


def a_command_forgets_its_words(site):
    """What is typed on a command line can be read by other programs for a moment only."""
    process = subprocess.Popen([programs.NODE, "--data", site.data, "--as", "jo", "--password-file", site.password, "--codes",
                                programs.CODES, "record", "new", "volunteer", f"family-name={PREFIX}"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    shown = []
    while process.poll() is None:
        shown.append(pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes())
    forgotten = [each for each in shown if each.strip(b"\0") and not marks_in(each)]
    assert process.returncode == 0 and forgotten and len(forgotten) > len(shown) / 2, (len(forgotten), len(shown))


def crashed(folder, prison, hub):
    for end in signal.SIGSEGV, signal.SIGABRT:
        with serving(prison, folder, f"pages-{end.name}") as (process, asked):
            visited(asked, end.name)
            as_the_system_shows(process)
            process.send_signal(end)
            assert process.wait(20) == -end
        as_the_system_shows(hub.process)
        hub.process.send_signal(end)
        assert hub.process.wait(20) == -end
        hub.serve()
    with serving(prison, folder, "pages-without-room") as (process, asked):
        memory_runs_out(process, asked)
    cores = [path for path in folder.rglob("*core*") if path.is_file()]
    assert not cores, cores


# ---- the instruments

def writings(word):
    yield from (form.encode("latin-1") for form in forms(word))
    yield word.upper().encode()
    for before in range(3):
        yield b"text " + next(iter([*in_base64(word)][before:])).encode()


def scan_sees(folder):
    """A mark in each writing, in a file and in a file's name."""
    place = folder / "instruments"
    place.mkdir()
    count = 0
    for word in WORDS:
        for written in writings(word):
            (place / f"{count}").write_bytes(b"\0\xff before " + written + b" after")
            count += 1
    assert len(marks_in_folder(place)) == count, "the scan misses a writing"
    (place / f"{PREFIX}.txt").touch()
    assert len(marks_in_folder(place)) == count + 1, "the scan misses a name"
    crash = "import os, resource; mark = 'qzj' + 'xv'; os.abort()"
    subprocess.run([sys.executable, "-c", crash], cwd=place, preexec_fn=cores_allowed, check=False)
    cores = list(place.glob("core*"))
    if pathlib.Path("/proc/sys/kernel/core_pattern").read_text().startswith("core"):
        assert cores and marks_in(cores[0].read_bytes()), "the scan misses a core"
    return count


def twin_is_found(folder):
    """The program that tells what was typed."""
    with mock.patch.object(programs, "NODE", LEAKING):
        site = Site(folder, "HMP Made Up", "prison", "--establishment", "LEI")
        site.run("record", "new", "volunteer", f"family-name={PREFIX}")
    found = HEARD.leaks()
    assert "errors of record" in found, found
    assert any(where.endswith("/trace") for where in found), found


@contextlib.contextmanager
def world():
    """A folder in which everything is: what programs keep for a while, and where they are started, too."""
    global HEARD
    with tempfile.TemporaryDirectory(prefix="throughgate-leaks-") as name:
        folder = pathlib.Path(name)
        HEARD = Heard(folder)
        for each in "tmp", "home", "here":
            (folder / each).mkdir()
        around = {"TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home")}
        with mock.patch.dict(os.environ, around), mock.patch.object(programs, "run", HEARD.run), \
                mock.patch.object(Site, "tried", tried, create=True):
            before = os.getcwd()
            os.chdir(folder / "here")
            try:
                yield folder
            finally:
                os.chdir(before)


def told(folder):
    hub = Hub(folder)
    try:
        desk, prison, partner = bring_up(folder, hub)
        url = f"http://127.0.0.1:{re.search('port = ([0-9]+)', pathlib.Path(hub.settings).read_text()).group(1)}"
        planting = Planting(record_types(folder / "tmp"), prison, partner, desk)
        planting.everything()
        missing = planting.can_hold() - planting.planted
        assert not missing, f"fields that nothing marks: {sorted(missing)}"
        exchange(prison, partner, desk, prison)
        by_stick(prison, partner, folder)
        wrong_values(prison, planting)
        wrong_commands(prison, folder)
        wrong_files(prison, folder)
        strange_requests(url)
        a_command_forgets_its_words(prison)
        crashed(folder, prison, hub)
        hub.stop()
        refused(prison, "sync")
        for command in ("status",), ("check",), ("audit", "list"), ("backup", str(folder / "backup.tgbackup")):
            tried(prison, *command)
    finally:
        hub.stop()
    leaks = HEARD.leaks()
    for where, found in leaks.items():
        print(f"{where}: {found[:3]}")
    assert not leaks, f"{len(leaks)} places hold what was typed"
    print(f"{len(planting.planted)} fields marked, {HEARD.commands} commands, {len(HEARD.parts)} texts and "
          f"{sum(1 for path in folder.rglob('*') if path.is_file())} files looked through: nothing")


def main():
    with world() as folder:
        print(f"the scan sees {scan_sees(folder)} writings of the marks")
    with world() as folder:
        twin_is_found(folder)
    with world() as folder:
        told(folder)


if __name__ == "__main__":
    try:
        main()
    except Refused as said:
        sys.exit(str(said))

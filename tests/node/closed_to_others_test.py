#!/usr/bin/env python3
"""The real programs, run by an ordinary user: a site's pages with somebody signed in, and a hub. Other programs of that same
user can neither attach to them, nor read their memory or environment, nor get a core out of them; and what stands on their
command line and in their environment, as root sees it, holds nothing secret. Made-up people.

usage: closed_to_others_test.py THROUGHGATE-HUB THROUGHGATE-NODE LOOK-INTO CODES-FOLDER"""
import encodings.idna  # noqa: F401  connecting asks for it, when the folder that it is in may be closed
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from another_user import IS_ROOT, NOBODY, back_as_root, become_ordinary

EVERY_WAY = {"attach", "memory", "maps", "environment", "memory-by-call", "core"}
GCORE = shutil.which("gcore")


def copied_for_anybody(folder):
    """The folder that they were built in may be closed to the user who runs them here."""
    for i in 1, 2, 3:
        shutil.copy(sys.argv[i], folder)
        sys.argv[i] = str(folder / pathlib.Path(sys.argv[i]).name)
    sys.argv[-1] = shutil.copytree(sys.argv[-1], folder / "codes")
    folder.chmod(0o755)


def ways_in(pid):
    """Which of the attacks got through, as another program of the same user."""
    return set(subprocess.run([sys.argv[3], str(pid)], capture_output=True, text=True, check=True).stdout.split())


def cores_of(folder, pid):
    """What gcore makes of it; it is what people have at hand."""
    if GCORE:
        subprocess.run([GCORE, "-o", folder / "taken", str(pid)], capture_output=True, check=False, timeout=120)
    return [each.name for each in folder.glob("taken*")]


def dumps_core(process, with_signal):
    process.send_signal(with_signal)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = -with_signal
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == with_signal, status
    return os.WCOREDUMP(status)


def the_attacks_work(folder):
    """On a program that protects nothing; otherwise it would prove little that they fail on ours."""
    open_to_all = subprocess.Popen([sys.argv[3], "be-open"], stdout=subprocess.PIPE)
    open_to_all.stdout.readline()
    assert ways_in(open_to_all.pid) == EVERY_WAY, ways_in(open_to_all.pid)
    assert bool(cores_of(folder, open_to_all.pid)) == bool(GCORE)
    for each in folder.glob("taken*"):
        each.unlink()
    assert dumps_core(open_to_all, signal.SIGQUIT)


def closed(folder, process):
    assert ways_in(process.pid) == set(), ways_in(process.pid)
    assert cores_of(folder, process.pid) == [], "gcore has taken a core"
    assert process.poll() is None  # and goes on


def shown_by(pid):
    """Its command line, as anybody sees it, and its environment, which only root does."""
    shown = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    if IS_ROOT:
        with back_as_root():
            shown += pathlib.Path(f"/proc/{pid}/environ").read_bytes()
    return shown.decode()


def holds_none(shown, secrets):
    found = [what for what, secret in secrets.items() if secret.lower() in shown.lower()]
    assert not found, found


def sheet_words(site):
    rows = re.findall(r"^\s+(?:\d+ \w+\s*){4}$", site.sheet, re.M)
    return re.findall(r"\d+ (\w+)", " ".join(rows))


def secrets_of(programs, site, cookie):
    words = sheet_words(site)
    assert len(words) >= 12, site.sheet
    pairs = {f"words {i} of the recovery sheet": f"{one} {two}" for i, (one, two) in enumerate(zip(words, words[1:]))}
    return pairs | {"the password": programs.PASSWORD, "a part of it": "lantern", "the session": cookie.split("=")[1]}


def a_command_that_waits(programs, site, secrets):
    """What is typed on a command line is gone from it while the command runs: here it waits for a hub that says nothing."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        code = secrets["an invitation"]
        waits = subprocess.Popen([programs.NODE, "--data", site.data, "--as", "jo", "--password-file", site.password, "--codes",
                                  programs.CODES, "enrol", code, "--hub", f"http://127.0.0.1:{silent.getsockname()[1]}",
                                  "--label", "Reception PC"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            silent.settimeout(60)
            with silent.accept()[0]:  # it waits for an answer now
                holds_none(shown_by(waits.pid), secrets)
                assert waits.poll() is None
        finally:
            waits.kill()
            waits.wait()


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        copied_for_anybody(folder)
        import real_programs  # once it is said which programs
        import cli_test
        most = resource.RLIM_INFINITY if IS_ROOT else resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))
        work = folder / "work"
        work.mkdir()
        if IS_ROOT:
            shutil.chown(work, NOBODY, NOBODY)
        os.chdir(work)  # where a core would be left
        become_ordinary()
        try:
            story(real_programs, cli_test.Browser, work)
        finally:
            os.chdir("/")
            if IS_ROOT:
                os.seteuid(0)
    print("closed to others: all as promised")


def story(programs, Browser, folder):
    the_attacks_work(folder)
    before = set(folder.iterdir())
    hub = programs.Hub(folder)
    (folder / "new").mkdir()
    try:
        desk, prison, _ = programs.bring_up(folder, hub)
        for end in signal.SIGQUIT, signal.SIGABRT:
            with programs.pages_of(prison, folder / "serve.log") as (pages, port):
                browser = Browser(port)
                assert browser.sign_in("jo", programs.PASSWORD) == 303 and browser.is_let_in()
                secrets = secrets_of(programs, prison, browser.cookie)
                for process in pages, hub.process:
                    closed(folder, process)
                    holds_none(shown_by(process.pid), secrets)
                assert browser.is_let_in()
                for process in pages, hub.process:
                    assert not dumps_core(process, end)
            hub.serve()
        new = programs.Site(folder / "new", "HMP Pretended", "prison", "--establishment", "MDI")
        secrets["an invitation"] = desk.json("desk", "invite", "HMP Pretended", "--kind", "prison", "--establishment", "MDI")["code"]
        a_command_that_waits(programs, new, secrets)
        cores = [each for each in folder.rglob("*core*") if each not in before]
        assert not cores, cores
    finally:
        hub.stop()


if __name__ == "__main__":
    try:
        main()
    except Exception as failed:
        if type(failed).__name__ != "Refused":
            raise
        sys.exit(str(failed))

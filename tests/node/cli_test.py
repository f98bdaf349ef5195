#!/usr/bin/env python3
"""The real programs over real HTTP: a hub, a desk, a prison and a partner, from init to sync; what is refused, and with
which exit code. Made-up people.

usage: cli_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HUB, NODE, CODES = sys.argv[1:4]
PASSWORD = "plum lantern otter 9"


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
        self.data = str(folder / kind)
        self.password = private_file(folder / f"{kind}.password", PASSWORD)
        self.sheet = run(NODE, "--data", self.data, "init", "--name", name, "--kind", kind, "--staff", "Jo Made-Up",
                         "--sign-in", "jo", "--new-password-file", self.password, *more)

    def run(self, *arguments, expect=0):
        return run(NODE, "--data", self.data, "--as", "jo", "--password-file", self.password, "--codes", CODES,
                   *arguments, expect=expect)

    def json(self, *arguments):
        return json.loads(self.run("--json", *arguments))


class Hub:
    def __init__(self, folder):
        self.settings = str(folder / "hub.toml")
        pathlib.Path(self.settings).write_text(
            f'[store]\nfile = "{folder}/hub.db"\nkey_file = "{folder}/hub.key"\n[server]\nport = 0\n')
        self.printed = private_file(folder / "hub.txt", run(HUB, "--settings", self.settings, "init"))
        self.process = None

    def trust(self, key):
        run(HUB, "--settings", self.settings, "trust", key)

    def serve(self):
        self.process = subprocess.Popen([HUB, "--settings", self.settings, "serve"], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            found = re.search(r"Listening on (\S+) port (\d+)", line)
            if found:
                return f"http://{found.group(1)}:{found.group(2)}"
        raise Refused("the hub did not start")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)


def enrol(desk, site, url, *invitation):
    code = desk.json("desk", "invite", *invitation)["code"]
    wrong = code[:-1] + ("7" if code[-1] != "7" else "8")
    site.run("enrol", wrong, "--hub", url, expect=1)
    words = site.json("enrol", code, "--hub", url, "--label", "Reception PC")["words"]
    site.run("sync", expect=1)  # not let in yet: says so, and loses nothing
    request = next(row for row in desk.json("desk", "requests") if row["words"] == words)
    desk.run("desk", "approve", request["request"], "--words", "abandon " * 8, expect=1)
    desk.json("desk", "approve", request["request"], "--words", words)
    desk.run("sync")
    assert site.json("sync")["sent"] >= 1
    desk.run("desk", "approve", request["request"], "--words", words, expect=1)  # good once


def whole_way(folder, hub):
    desk = Site(folder, "Central Made-Up Team", "central")
    facts = desk.json("desk", "init", "--name", "Central Made-Up Team", "--hub-file", hub.printed, "--list",
                      str(folder / "list"))
    hub.trust(facts["key"])
    run(HUB, "--settings", hub.settings, "trust", facts["key"], "--list", str(folder / "list"))
    url = hub.serve()
    pathlib.Path(desk.data, "node.toml").write_text(f'[hub]\nurl = "{url}"\n')
    desk.run("sync")

    prison = Site(folder, "HMP Made Up", "prison", "--establishment", "LEI")
    partner = Site(folder, "Made-Up Partner", "partner")
    enrol(desk, prison, url, "HMP Made Up", "--kind", "prison", "--establishment", "LEI")
    enrol(desk, partner, url, "Made-Up Partner", "--kind", "partner")
    desk.json("desk", "agree", "HMP Made Up", "made-up partner", "--kinds", "case,volunteer", "--until", "2099-12-31")
    desk.run("sync")
    prison.run("sync")
    assert {row["name"] for row in prison.json("desk", "directory") if row["what"] == "organisation"} == {
        "Central Made-Up Team", "HMP Made Up", "Made-Up Partner"}
    status = prison.json("status")
    assert status["enrolled"] and status["changes_not_sent_yet"] == 0 and status["records_held"] == 1
    return desk, prison


def unattended(folder, prison):
    key_file = str(folder / "prison.key")
    prison.run("key-file", key_file)
    run(NODE, "--data", prison.data, "--key-file", key_file, "sync")
    run(NODE, "--data", prison.data, "--key-file", key_file, "staff", "add", "Al Invented", expect=1)  # who does it?
    os.chmod(key_file, 0o644)
    run(NODE, "--data", prison.data, "--key-file", key_file, "sync", expect=1)


def staff(folder, prison):
    al = private_file(folder / "al.password", "river teapot quarrel 5")
    weak = private_file(folder / "weak.password", "Password123456!")
    prison.run("staff", "add", "Al Invented", "--roles", "Gate meeter", "--sign-in", "al", "--new-password-file", al,
               expect=1)  # not in the list's words
    prison.run("staff", "add", "Al Invented", "--roles", "gate_meeter", "--sign-in", "al", "--new-password-file", weak,
               expect=1)
    prison.json("staff", "add", "Al Invented", "--roles", "gate_meeter", "--sign-in", "Al", "--new-password-file", al)
    names = {row["name"]: row["signs_in_here_as"] for row in prison.json("staff", "list")}
    assert names == {"Jo Made-Up": "jo", "Al Invented": "al"}, names
    as_al = ["--data", prison.data, "--as", "al", "--password-file", al]
    run(NODE, *as_al, "status")
    run(NODE, *as_al, "staff", "add", "X Y", expect=1)  # a gate-meeter adds nobody
    run(NODE, "--data", prison.data, "--as", "al", "--password-file", prison.password, "status", expect=1)

    words = re.findall(r"^\s+(?:\d+ \w+\s*){4}$", prison.sheet, re.M)
    sheet = private_file(folder / "sheet", " ".join(re.findall(r"\d+ (\w+)", " ".join(words))))
    fresh = private_file(folder / "fresh.password", "anvil marmalade 77 drift")
    run(NODE, "--data", prison.data, "--recovery-sheet", sheet, "staff", "password", "al", "--new-password-file", fresh)
    run(NODE, *as_al, "status", expect=1)
    run(NODE, "--data", prison.data, "--as", "al", "--password-file", fresh, "status")


def records(prison):
    made = prison.json("record", "new", "programme", "name=Reading Aloud", "starts-on=4 December 2026", "--in",
                       prison.json("record", "list", "site")[0]["record"])["record"]
    assert [row["name"] for row in prison.json("record", "list", "programme")] == ["Reading Aloud"]
    prison.json("record", "set", made, "name=Reading Together", "--reason", "made up")
    shown = prison.json("record", "show", made)
    assert shown["name"] == "Reading Together" and shown["starts_on"] == "2026-12-04", shown
    history = prison.json("record", "history", made, "--field", "name")
    assert [(row["value"], row["standing"]) for row in history] == [
        ("Reading Together", "shown"), ("Reading Aloud", "replaced")], history
    assert history[0]["why"] == "made up" and history[0]["who"] == "Jo Made-Up"
    prison.run("record", "set", made, "starts-on=yesterday week", expect=1)
    prison.run("record", "set", made, "nmae=x", expect=1)
    prison.run("record", "show", "0" * 32, expect=1)
    prison.run("record", "list", "unicorn", expect=1)


def wrong_usage(folder, prison):
    run(NODE, "--data", prison.data, expect=2)
    run(NODE, "--data", prison.data, "staff", expect=2)
    run(NODE, "staff", "list", expect=2)
    run(NODE, "--data", prison.data, "sync", "--bogus", expect=2)
    run(NODE, "--data", str(folder / "nowhere"), "--as", "jo", "--password-file", prison.password, "status", expect=1)
    run(NODE, "--data", prison.data, "--as", "jo", "status", expect=1)  # nobody to ask
    prison.run("enrol", "--hub", "http://exchange.example.org", expect=1)  # plain http to another machine
    Path = pathlib.Path
    Path(prison.data, "keys").chmod(0o644)
    prison.run("status", expect=1)
    Path(prison.data, "keys").chmod(0o600)


def no_secret_in_the_clear(folder):
    secrets = [PASSWORD.encode(), b"river teapot quarrel", b"Al Invented", b"Made-Up Partner"]
    ours = [path for kind in ("prison", "partner") for path in (folder / kind).iterdir() if path.name != "node.toml"]
    assert len(ours) >= 6
    for path in ours:
        assert path.stat().st_mode & 0o077 == 0, path
        assert not any(secret in path.read_bytes() for secret in secrets), path
    hub = (folder / "hub.db").read_bytes()
    assert not any(secret in hub for secret in secrets)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hub = Hub(folder)
        try:
            desk, prison = whole_way(folder, hub)
            staff(folder, prison)
            records(prison)
            unattended(folder, prison)
            wrong_usage(folder, prison)
            assert prison.json("check")["faults"] == 0
            assert desk.json("check", "--digest")
            no_secret_in_the_clear(folder)
            hub.stop()
            prison.run("sync", expect=1)  # nobody answers
        finally:
            hub.stop()
    print("command line: all as promised")


try:
    main()
except Refused as refused:
    sys.exit(str(refused))

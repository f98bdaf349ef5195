#!/usr/bin/env python3
"""A library and a program, built as a release is, come out the same byte by byte in two folders of different names; and are
built without a network, or there is no release. With the paths of the folders left in, the program differs, and that is seen."""
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import shlex
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("release", str(ROOT / "tools/release"))
release = importlib.util.module_from_spec(importlib.util.spec_from_loader("release", loader))
loader.exec_module(release)

TARGETS = ["crypto/libcrypto.a", "tests/tools/built_twice"]


def with_its_paths(place):
    """The program's own file compiled by the same command, without what takes the folders out of it."""
    made = place / "build/release"
    command = next(each["command"] for each in json.loads((made / "compile_commands.json").read_text())
                   if each["file"].endswith("built_twice/sample.cpp"))
    assert "-ffile-prefix-map=" in command
    words = [word for word in shlex.split(command) if not word.startswith("-ffile-prefix-map=")]
    twin = made / "twin.o"
    words[words.index("-o") + 1] = str(twin)
    release.run(*words, cwd=made)
    return release.digest(twin)


def network_is_away():
    """A server on this machine is reached, and not by a command that is run as the build is."""
    alone = release.without_network()
    with socket.create_server(("127.0.0.1", 0)) as server:
        reach = [sys.executable, "-c", f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2)"]
        assert subprocess.run(reach, capture_output=True, check=False).returncode == 0
        if not alone:
            return "this system lets nobody take the network away"
        assert subprocess.run([*alone, *reach], capture_output=True, check=False).returncode != 0, "a network is there"
    return "no network was there"


def no_release_with_a_network():
    """Where the network cannot be taken away no release is begun."""
    kept = release.without_network
    release.without_network = list
    try:
        release.pack(pathlib.Path("never made"), 2)
    except release.Failed as failed:
        assert "take the network away" in str(failed), failed
        return
    finally:
        release.without_network = kept
    raise AssertionError("a release was begun")


def nothing_is_fetched(folder):
    """Without what tools/setup fetches the build ends at once, and says what to do."""
    release.copy_sources(folder)
    release.fetched_before(folder)
    (folder / "third_party").unlink()
    try:
        release.build(folder, TARGETS, "2")
    except release.Failed as failed:
        assert re.search(r"third_party/ is empty: run\s+tools/setup first", str(failed)), failed
        return
    raise AssertionError("built without what must be fetched")


def main():
    no_release_with_a_network()
    with tempfile.TemporaryDirectory(prefix="throughgate-twice-") as name:
        folder = pathlib.Path(name)
        for target, here, there in release.built_twice(folder, TARGETS, "2"):
            assert here == there, f"{target} is not the same twice"
        twins = {with_its_paths(place) for place in (folder / "here", folder / "some where/else entirely")}
        assert len(twins) == 2, "paths that are left in are not seen"
        (folder / "bare").mkdir()
        nothing_is_fetched(folder / "bare")
    print(f"{len(TARGETS)} built twice, the same; {network_is_away()}")


main()

#!/usr/bin/env python3
"""The real programs: a maker's key and a release of a small folder; what a program says that does not know the key; and what one
does that does.

usage: release_test.py THROUGHGATE-RELEASE THROUGHGATE-NODE NODE-THAT-KNOWS-A-KEY"""
import hashlib
import pathlib
import subprocess
import sys
import tempfile

SIGNER, NODE, KNOWING = (str(pathlib.Path(each).resolve()) for each in sys.argv[1:4])
PASSWORD = "anvil marmalade 77 drift"


def run(*command, expect=0):
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == expect, (command, done)
    return done.stdout if expect == 0 else done.stderr


def private(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def main():
    with tempfile.TemporaryDirectory(prefix="throughgate-release-") as name:
        folder = pathlib.Path(name)
        stick, packed, programs = folder / "stick", folder / "packed", folder / "programs"
        for each in stick, packed / "bin", packed / "config":
            each.mkdir(parents=True)
        password = private(folder / "password", PASSWORD)
        key = run(SIGNER, "key", stick, "--password-file", password).strip()
        assert len(key) == 64
        assert "already" in run(SIGNER, "key", stick, "--password-file", password, expect=1)  # never over another
        assert PASSWORD.encode() not in (stick / "release-key").read_bytes()
        (packed / "bin/throughgate-node").write_text("#!/bin/sh\necho the released program\n")
        (packed / "config/node.example.toml").write_text("# made up\n")
        release = folder / "release.tgr"
        sign = [SIGNER, "sign", packed, "--key", stick / "release-key", "--out", release, "--password-file"]
        assert "not the password" in run(*sign, private(folder / "wrong", "wrong marmalade 77 drift"), expect=1)
        assert not release.exists()
        signed = run(*sign, password)
        assert "2 files" in signed, signed
        assert f"{hashlib.sha256((packed / 'bin/throughgate-node').read_bytes()).hexdigest()}  bin/throughgate-node" in signed, signed
        said = run(NODE, "update", "check", release, "--into", programs, expect=1)
        assert "was not signed by anybody whose releases this program takes" in said, said
        run(NODE, "update", "install", release, "--into", programs, expect=1)
        assert not programs.exists()

        assert "may be installed" in run(KNOWING, key, "update", "check", release, "--into", programs)
        assert not programs.exists()
        run(KNOWING, key, "update", "install", release, "--into", programs)
        assert run(programs / "current/bin/throughgate-node") == "the released program\n"
        assert (programs / "current/config/node.example.toml").stat().st_mode & 0o777 == 0o644
        assert "installed already" in run(KNOWING, key, "update", "install", release, "--into", programs, expect=1)
        assert "nothing to go back to" in run(KNOWING, key, "update", "back", "--into", programs, expect=1)
        whole = release.read_bytes()
        for at in 20, 60, 150, len(whole) - 3:
            release.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
            run(KNOWING, key, "update", "check", release, "--into", folder / "others", expect=1)
    print("releases: all as promised")


main()

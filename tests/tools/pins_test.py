#!/usr/bin/env python3
"""tools/check_pins finds nothing wrong with the project as it is, and each thing that is planted in a copy of its lists."""
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LISTS = ["tools/third_party/debian", "tools/third_party/fetch", "tools/third_party/package.json", "tools/third_party/package-lock.json",
         "tools/setup", "CMakeLists.txt", "third_party/npm/.fetched", "third_party/npm/node_modules/.package-lock.json",
         "third_party/catch2/.fetched", "third_party/cpp-httplib/.fetched"]
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("check_pins", str(ROOT / "tools/check_pins"))
pins = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_pins", loader))
loader.exec_module(pins)


def text_changed(name, pattern, by):
    def plant(root):
        path = root / name
        changed = re.sub(pattern, by, path.read_text(), count=1, flags=re.M)
        assert changed != path.read_text(), f"nothing to change in {name}: {pattern}"
        path.write_text(changed)
    return plant


def lock_changed(change):
    def plant(root):
        path = root / "tools/third_party/package-lock.json"
        lock = json.loads(path.read_text())
        change(lock["packages"])
        path.write_text(json.dumps(lock))
    return plant


# What is planted, and what must be said of it.
PLANTED = {
    "a package of any version": (text_changed(LISTS[0], r"^(build +libsodium-dev +)\S+", r"\1any"), "libsodium-dev: not pinned"),
    "a pattern that takes all": (text_changed(LISTS[0], r"^(runs +libsodium23 +)\S+", r"\1*"), "libsodium23: not pinned"),
    "a version that was not tested": (text_changed(LISTS[0], r"^(build +cmake +)\S+", r"\g<1>9.9.*"), "which 9.9.* does not take"),
    "a line without a version": (text_changed(LISTS[0], r"^(build +cmake).*", r"\1"), "a line is not"),
    "a package listed twice": (text_changed(LISTS[0], r"^(build +cmake .*)$", r"\1\n\1"), "cmake: twice"),
    "a source without its hash": (text_changed(LISTS[1], r" [0-9a-f]{64}$", ""), "no sha256"),
    "a source with another hash": (text_changed(LISTS[1], r" [0-9a-f]{64}$", " " + "0" * 64), "is not what is pinned"),
    "another source in its place": (text_changed("third_party/catch2/.fetched", r"^\S+", "9.9.9"), "catch2: what is in third_party/"),
    "an npm package of a range": (text_changed(LISTS[2], r'"axe-core": "', '"axe-core": "^'), "axe-core: not pinned"),
    "an npm package changed by hand": (text_changed(LISTS[2], r'"axe-core": "4', '"axe-core": "5'), "another version than package.json"),
    "a lock without integrity": (lock_changed(lambda lock: lock["node_modules/esbuild"].pop("integrity")), "esbuild: no integrity"),
    "a lock of other contents": (lock_changed(lambda lock: lock["node_modules/esbuild"].update(integrity="sha512-AAAA")),
                                 "esbuild: what is in third_party/"),
    "a script that downloads": (text_changed(LISTS[4], r"^(set -euo.*)$", r"\1\nwget https://example.org/x"), None),
    "a build that fetches": (text_changed(LISTS[5], r"^(enable_testing.*)$", r"FetchContent_Declare(x)\n\1"), "fetches something"),
}


def copy(folder):
    for name in LISTS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def looked_at(root, installed):
    faults, _ = pins.faults_of(root, installed, [name for name in LISTS if not name.startswith("third_party/")])
    return faults


def exact(root, installed):
    """A release is made with what was tested, and of what was fetched; what only tests need is no part of it."""
    tested = {row[1]: row[3] for row in pins.debian_list(root)}
    use = {row[1]: row[0] for row in pins.debian_list(root)}

    def faults_with(**others):
        there = {name: version for name, version in tested.items() if name in installed} | others
        return pins.not_as_tested(root, pins.faults_of(root, there, [])[1])
    assert not faults_with(), "as tested"
    for name, version in tested.items():
        faults = faults_with(**{name: version + "+mended"})
        assert bool(faults) == (use[name] in ("build", "runs")), (name, faults)
    for name in "catch2", "cpp-httplib", "npm":
        stamp = root / f"third_party/{name}/.fetched"
        stamp.rename(stamp.with_name("away"))
        assert any(fault.startswith(f"{name}: was not fetched") for fault in faults_with()), name
        stamp.with_name("away").rename(stamp)


def main():
    installed = pins.here()
    assert pins.main([]) == 0, "the project as it is"
    for what, (plant, said) in PLANTED.items():
        with tempfile.TemporaryDirectory() as name:
            root = copy(pathlib.Path(name))
            assert not looked_at(root, installed), what
            plant(root)
            faults = looked_at(root, installed)
            if said is None:  # tools/setup itself may
                assert not faults, (what, faults)
                (root / "tools/other").write_text((root / "tools/setup").read_text())
                faults, said = pins.faults_of(root, installed, ["tools/other"])[0], "fetches something"
            assert any(said in fault for fault in faults), f"not seen: {what}: {faults}"
    with tempfile.TemporaryDirectory() as name:
        root = copy(pathlib.Path(name))
        other = installed | {"libsodium23": "2.0.0-1"}
        assert any("libsodium23: 2.0.0-1 is here" in fault for fault in looked_at(root, other)), "another version on the machine"
        mended = installed | {"libsodium23": "1.0.18-1+deb12u9"}
        faults, differs = pins.faults_of(root, mended, [])
        assert not faults and "libsodium23: tested with" in differs["libsodium23"], "a security update is told, and no fault"
        exact(root, installed)
    print(f"{len(PLANTED) + 1} things planted, each found")


main()

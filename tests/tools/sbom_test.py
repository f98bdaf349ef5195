#!/usr/bin/env python3
"""The bill of what a release is made of leaves nothing out: whatever the programs load, were compiled from or hold in their
pages is in it, and nothing else. With any one part taken out of it, that is seen.

usage: sbom_test.py BUILD-FOLDER"""
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import subprocess
import sys

ROOT, BUILD = pathlib.Path(__file__).resolve().parents[2], pathlib.Path(sys.argv[1]).resolve()
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("sbom", str(ROOT / "tools/third_party/sbom"))
sbom = importlib.util.module_from_spec(importlib.util.spec_from_loader("sbom", loader))
loader.exec_module(sbom)

PROGRAMS = ["node/throughgate-node", "hub/throughgate-hub"]
OURS = ("node/", "hub/", "sync/", "crypto/", "tools/third_party/")
READ = {"fonts-dejavu-core"}  # drawn with, and loaded by no linker
NUMBERS_ONLY = {"linux"}  # the kernel's headers name numbers


def said(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, check=True, **more).stdout


def packages_of(files):
    """The packages of Debian that these files came with."""
    tries = [form for file in files for form in {file, str(pathlib.Path(file).resolve()), re.sub("^/usr(?=/lib)", "", file)}]
    done = subprocess.run(["dpkg", "-S", *tries], capture_output=True, text=True, check=False).stdout
    found = {}
    for line in done.splitlines():
        package, file = line.rsplit(": ", 1)
        found[file] = package.split(":")[0]
    of = {file: {found[form] for form in (file, str(pathlib.Path(file).resolve()), re.sub("^/usr(?=/lib)", "", file)) if form in found}
          for file in files}
    lost = [file for file, packages in of.items() if not packages]
    assert not lost, f"no package has these: {lost}"
    return set().union(*of.values())


def sources_of(packages):
    known = [each for each in packages if each]
    return set(said("dpkg-query", "-W", "-f=${source:Package}\n", *known).split())


def loaded():
    lines = "".join(said("ldd", BUILD / program) for program in PROGRAMS).splitlines()
    return packages_of({found.group(1) for line in lines if (found := re.search(r"(/\S+) \(0x", line))})


def read_by_the_compiler():
    """(Headers of the system, names of fetched sources) in any object of the programs."""
    system, fetched = set(), set()
    of_ours = False
    for line in said("ninja", "-C", BUILD, "-t", "deps").splitlines():
        if not line.startswith(" "):
            of_ours = line.startswith(OURS) and "catch2.dir" not in line
        elif of_ours:
            path = line.strip()
            if path.startswith("/usr/"):
                system.add(path)
            elif found := re.search(r"third_party/(npm/node_modules/(?:@[^/]+/)?[^/]+|[^/]+)/", path):
                fetched.add(found.group(1).removeprefix("npm/node_modules/"))
    return system, fetched - {"toml.h"}


def in_the_pages():
    """The packages of npm of which something is in the script, as the bundler has it, or is read by name."""
    bundled = said("node", "-e", """
        const {buildSync} = require('esbuild');
        const made = buildSync({stdin: {contents: "import 'govuk-frontend'; import '@ministryofjustice/frontend';",
                                        resolveDir: process.cwd()}, bundle: true, write: false, metafile: true});
        console.log(JSON.stringify(Object.keys(made.metafile.inputs)));""", cwd=ROOT / "third_party/npm",
                   env={"NODE_PATH": str(ROOT / "third_party/npm/node_modules"), "PATH": "/usr/bin:/bin:/usr/local/bin"})
    texts = bundled + (ROOT / "node/web/assets/build.mjs").read_text() + (ROOT / "crypto/CMakeLists.txt").read_text()
    named = set(re.findall(r"node_modules/((?:@[^/\"]+/)?[^/\"]+)/", texts))
    return named


class Made:
    """What the programs are made of, looked up once."""

    def __init__(self):
        self.loaded = loaded()
        system, self.fetched = read_by_the_compiler()
        self.compiled = packages_of(system)
        self.pages = in_the_pages()


def lacks(bill, made):
    """What is in the programs and not in the bill, and the other way round."""
    debian = {each["name"] for each in bill["components"] if each["purl"].startswith("pkg:deb/")}
    others = {each["name"] for each in bill["components"]} - debian
    runs = {each["name"] for each in bill["components"] if each["properties"][0]["value"] == "loaded or read"}
    yield from (f"{each} is loaded" for each in made.loaded - runs)
    yield from (f"{each} is loaded by none" for each in runs - made.loaded - READ)
    yield from (f"{each} is not there to be read" for each in READ - runs)
    headers = debian - runs
    known = sources_of(debian)
    yield from (f"headers of {each} are compiled in" for each in sources_of(made.compiled) - known - NUMBERS_ONLY)
    yield from (f"{each} is compiled in" for each in sbom.COMPILED_IN - headers)
    yield from (f"{each} is compiled in" for each in made.fetched - others)
    yield from (f"{each} is in the pages" for each in made.pages - others)
    yield from (f"{each} is nowhere in the programs" for each in others - made.fetched - made.pages)


def main():
    bill = json.loads(said(ROOT / "tools/third_party/sbom"))
    assert bill == json.loads(said(ROOT / "tools/third_party/sbom")) and bill["bomFormat"] == "CycloneDX"
    made = Made()
    assert made.loaded and made.fetched and len(made.compiled) > 5 and made.pages, vars(made)
    faults = list(lacks(bill, made))
    assert not faults, faults
    for i, part in enumerate(bill["components"]):
        assert part["version"] and part["purl"], part
        without = bill | {"components": bill["components"][:i] + bill["components"][i + 1:]}
        assert any(lacks(without, made)), f"not missed: {part['name']}"
    print(f"{len(bill['components'])} parts, each missed where it is left out")


main()

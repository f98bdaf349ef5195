#!/usr/bin/env python3
"""tools/demo without --check: made-up handovers at every stage, pages that answer at the addresses printed
for those whose sign-ins are printed, and nothing left behind once it is told to end.

usage: stay_up_test.py BUILD-FOLDER"""
import pathlib
import re
import signal
import subprocess
import sys
import types

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools/demo_story"))
from pages import Pages  # noqa: E402

STAGES = 21
HANDOVERS = 2 * STAGES  # each stage at each of the two prisons


def printed_by(demo):
    lines = []
    for line in demo.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C ends it"):
            return "".join(lines)
    raise AssertionError(f"it ended by itself, with exit code {demo.wait()}, having said:\n{''.join(lines)}")


def children_of(parent):
    """Their folders in /proc, and their command lines."""
    found = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if int((process / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found[process] = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            pass  # it has ended meanwhile
    return found


def look_at_pages(printed):
    sites = re.findall(r"(.*): (\d+) volunteers, (\d+) handovers at (\d+) stages\n"
                       r" +http://127.0.0.1:(\d+) +.* signs in as (\w+)", printed)
    assert len(sites) == 5, printed
    assert sites[0][1:4] == ("18", str(HANDOVERS), str(STAGES)), sites[0]  # the desk holds what all the others have
    for name, volunteers, handovers, _, port, sign_in in sites:
        assert int(volunteers) > 0 and int(handovers) > 0, name
        pages = Pages(types.SimpleNamespace(name=name, sign_in=sign_in), int(port))
        assert pages.read("/").startswith("Sign in"), name
        pages.sign_in()
        assert pages.read("/").startswith("Start"), name


def main():
    with open("/dev/null", encoding="utf-8") as nothing:
        demo = subprocess.Popen([sys.executable, "-u", str(ROOT / "tools/demo_story"), "--programs", sys.argv[1],
                                 "--volunteers", "8", "--handovers", str(HANDOVERS)],
                                stdin=nothing, stdout=subprocess.PIPE, text=True)
    try:
        printed = printed_by(demo)
        print(printed)
        look_at_pages(printed)
        children = children_of(demo.pid)
        assert len(children) == 6, children  # the hub, and the pages of five sites
        folder = pathlib.Path(re.search(r"\S+/throughgate-demo-\w+", " ".join(children.values())).group())
        assert folder.exists(), folder
    finally:
        demo.send_signal(signal.SIGINT)
        code = demo.wait(30)
    assert code == 0, code
    assert not folder.exists(), folder
    left = [line for process, line in children.items() if process.exists()]
    assert not left, left
    print("it stayed up and left nothing behind")


main()

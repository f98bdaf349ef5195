#!/usr/bin/env python3
"""The attacks on pages against the gallery, which has what no site has yet: an upload, and a page that fails.

usage: attacks.py GALLERY_PROGRAM
"""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "attacks"))
import page_attacks  # noqa: E402
from doors import FORM, Door, Findings  # noqa: E402

GALLERY = sys.argv[1]


class Server:
    def __enter__(self):
        self.process = subprocess.Popen([GALLERY, str(20000 + os.getpid() % 5000)], stdout=subprocess.PIPE, text=True)
        return Door("http://" + self.process.stdout.readline().split()[-1], pid=self.process.pid)

    def __exit__(self, *_):
        self.process.terminate()
        self.end_code = self.process.wait(20)


def addresses():
    lines = subprocess.run([GALLERY, "--routes"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [tuple(line.split("\t")) for line in lines]


def uploads(pages, found):
    visitor = pages.visitor(found)
    token = visitor.token("/sync")
    multipart = (f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
                 '--x\r\nContent-Disposition: form-data; name="bundle"; filename="a.csv"\r\n'
                 "Content-Type: text/csv\r\n\r\na,b\r\n--x--\r\n")
    boundary = "multipart/form-data; boundary=x"
    good = visitor.ask("POST", "/upload", multipart, boundary)
    found.check("an uploaded file arrives whole", good[0].status == 200 and b"It has 3 bytes" in good[1], good[1][-300:])
    seen = visitor.ask("POST", "/upload", "{}", "application/json")[0].status
    found.check("only forms are read", seen == 415, seen)
    seen = visitor.ask("POST", "/upload", "x" * 3_000_000, boundary)
    found.check("a file that is too big gets a page that says so", seen[0].status in (400, 413) and b"</html>" in seen[1],
                seen[0].status)


def faults(pages, found):
    visitor = pages.visitor(found)
    token = visitor.token("/sync")
    seen = visitor.ask("POST", "/boom", f"csrf={token}")
    found.check("a fault shows no detail", seen[0].status == 500 and b"secret" not in seen[1], seen[0].status)
    form = f"csrf={token}".encode()
    page_attacks.ranges(pages, found, {"a fault": (500, form, "POST", "/boom", f"Content-Type: {FORM}",
                                                   f"Cookie: {visitor.cookie}", f"Content-Length: {len(form)}")})


found, server = Findings(), Server()
with server as door:
    pages = page_attacks.Pages(door, "alex", "correct horse", addresses())
    for attack in (page_attacks.headers, page_attacks.forged_forms, uploads, faults, page_attacks.malformed, page_attacks.desync,
                   page_attacks.parts, page_attacks.crowds, page_attacks.floods):
        attack(pages, found)
    found.check("the server is well at the end", page_attacks.alive(door))
found.check("told to end, the server ends well", server.end_code == 0, server.end_code)
sys.exit(1 if found.failures else 0)

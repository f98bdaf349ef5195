#!/usr/bin/env python3
"""Attacks a running site, a running hub, or both, as somebody on the same computer or network could. Each attack must be
refused in the way named and leave the server well; what was measured is said. Exit code 0 only if all held.

Only against what is yours: it signs in wrongly some hundreds of times, so that everybody there waits for a while afterwards.

  throughgate-node --data FOLDER serve --addresses > addresses
  attack.py --node http://127.0.0.1:8080 --name alex --password-file FILE --addresses addresses
  attack.py --hub https://hub.example.org --certificate CA.pem --from 127.0.0.2 --served "throughgate-node --data FOLDER ... sync"
"""
import argparse
import pathlib
import shlex
import subprocess
import sys

import hub_attacks
import page_attacks
import sign_in_attacks
from doors import Door, Findings

PAGES = (page_attacks.headers, page_attacks.strangers, page_attacks.forged_forms, page_attacks.malformed, page_attacks.ranges,
         page_attacks.desync, page_attacks.uploads, page_attacks.parts, page_attacks.crowds, page_attacks.floods,
         sign_in_attacks.sessions, sign_in_attacks.names, sign_in_attacks.guesses)


def attack_pages(pages, found):
    for attack in PAGES:
        attack(pages, found)
    found.check("the pages are well at the end", page_attacks.alive(pages.door))


def read_addresses(text):
    return [tuple(line.split("\t")) for line in text.splitlines()]


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--node", help="where a site's pages are")
    asked.add_argument("--name", help="somebody who may sign in there, and nothing is done in their name but a sync")
    asked.add_argument("--password-file", type=pathlib.Path)
    asked.add_argument("--addresses", type=pathlib.Path, help="what `serve --addresses` has printed")
    asked.add_argument("--hub", help="where a hub is, with its proxy before it")
    asked.add_argument("--certificate", help="PEM file of who vouches for the hub")
    asked.add_argument("--from", dest="source", default="127.0.0.2", help="address of this computer that attacks come from")
    asked.add_argument("--served", help="a command that ends with 0 when a site is served, from another address")
    asked.add_argument("--pid", type=int, action="append", default=[], help="processes whose memory is looked at")
    said = asked.parse_args()
    if not said.node and not said.hub:
        asked.error("name --node, --hub or both")
    found = Findings()
    if said.node:
        door = Door(said.node)
        door.pids = said.pid
        attack_pages(page_attacks.Pages(door, said.name, said.password_file.read_text().strip(),
                                        read_addresses(said.addresses.read_text())), found)
    if said.hub:
        if not said.served:
            asked.error("--hub needs --served")
        door = Door(said.hub, said.source, certificate=said.certificate)
        door.pids = said.pid
        hub_attacks.all_of_them(door, found, lambda: subprocess.run(shlex.split(said.served), capture_output=True).returncode == 0)
    print(f"{found.tried} attacks tried, {len(found.failures)} not withstood")
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())

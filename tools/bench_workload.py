#!/usr/bin/env python3
"""Times the life of a store from its first record on, with the programs as sites run them.

Two computers of one prison, A and B, share its volunteers: one dossier a volunteer, 12 fields of about 270 bytes, made up
(tests/bench/workload.h). The central team's desk is a member of each dossier too, as is the rule, and does not sync
meanwhile. A, B and the hub are processes of their own: the shipped throughgate-hub, and tests/bench/bench_node on the
shipped store, services and sync client. All traffic passes a proxy that counts it: both directions of both computers, HTTP
included, without TLS.

  create    A makes N volunteers, 500 to a transaction through the call that an import makes for each row. (An import keeps
            a whole file in one transaction.) Reading a file is not part of it.
  initial   A syncs, B syncs, until B can read all N.
  edits     Apart, A has changed one field of each volunteer, and B one of every tenth, half of those the field that A
            changed; each change opened, saved and on disk by itself (edit_rps). Then A, B, A sync, until digests
            (BLAKE2b-256 over all fields of all volunteers) are equal.
  noop      A and B sync with nothing new, signing in anew. Median of 3.
  ten       A changes 10 volunteers; A and B sync. Median of 3.
  cold      B is killed with -9 and starts: with its key file, as an unattended sync does, so without the cost of a
            password. Until it has one volunteer by its id (get), or has looked at every one (scan). Median of 3.
  renew     Computers are let in until there are 12, and B is withdrawn. The desk, as the real program, makes a new key for
            each volunteer, sealed to the 11 others and two recovery sheets (renew_ms, with the cost of a password), and
            syncs (renew_sync_ms).

Keys of --json: create_rps (records a second), *_ms (wall time), *_cpu_ms (processor time; of A at create, of A, B and hub
elsewhere), *_bytes (on the wire), *_requests, create_ms, edit_rps, kept_both (different fields of one volunteer changed
apart are both there), converged (equal digests), disk_A, disk_B, disk_hub (bytes of files, closed), disk_A_alloc,
disk_B_alloc, disk_hub_alloc (bytes that the file system has set aside for them), rss_A_mb, rss_B_mb, rss_hub_mb
(highest of each process), renewed, renew_*, others_cpu (cores that other programs used meanwhile; above 0.3, wall times are worth little)."""
import argparse
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from counting_proxy import CountingProxy

ROOT = pathlib.Path(__file__).resolve().parent.parent
CODES = ROOT / "config/codes"
PASSWORD = "plum lantern otter 9"
BATCH = 500
COMPUTERS = 12
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    pass


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          start_new_session=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{pathlib.Path(command[0]).name}: {done.stdout}{done.stderr}")
    return done.stdout


def private_file(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def process_cpu_ms(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK_MS


def highest_memory_mb(pid):
    found = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
    return round(int(found.group(1)) / 1024, 1)


def machine_busy_ms():
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return (sum(fields[:3]) + sum(fields[5:8])) * TICK_MS


def bytes_in(path):
    """Of its files, and set aside for them."""
    files = path.rglob("*") if path.is_dir() else path.parent.glob(path.name + "*")
    facts = [file.stat() for file in files if file.is_file()]
    return sum(each.st_size for each in facts), sum(each.st_blocks * 512 for each in facts)


class Hub:
    """The shipped program behind the proxy."""

    def __init__(self, folder, program):
        self.store, self.program = folder / "hub.db", program
        self.settings = folder / "hub.toml"
        self.proxy = CountingProxy()
        self.url = f"http://127.0.0.1:{self.proxy.port}"
        self.settings.write_text(f'[store]\nfile = "{self.store}"\nkey_file = "{folder}/hub.key"\n'
                                 f'[server]\nport = 0\nhosts = ["127.0.0.1:{self.proxy.port}"]\n')
        self.printed = private_file(folder / "hub.txt", self.run("init"))
        self.process = None

    def run(self, *command):
        return run(self.program, "--settings", self.settings, *command)

    def serve(self):
        log = self.settings.with_suffix(".log")  # a pipe that nobody reads would hold the hub up
        with open(log, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen([str(self.program), "--settings", str(self.settings), "serve"], stdout=out,
                                            stderr=subprocess.STDOUT)
        for _ in range(1000):
            if found := re.search(r"Listening on \S+ port (\d+)", log.read_text()):
                self.proxy.target_port = int(found.group(1))
                return
            time.sleep(0.01)
        raise Failed("the hub did not start")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            self.process = None


class Site:
    """A computer as its people set it up, by commands."""

    def __init__(self, folder, program, name, *init, sheet=None):
        self.data, self.program = folder / name, program
        self.password = private_file(folder / f"{name}.password", PASSWORD)
        recovery = ["--recovery-sheet", sheet] if sheet else []
        self.printed = run(program, "--data", self.data, "--codes", CODES, *recovery, "init", "--sign-in", "jo", "--staff", "Jo Made-Up",
                           "--new-password-file", self.password, *init)

    def run(self, *command):
        return run(self.program, "--data", self.data, "--as", "jo", "--password-file", self.password, "--codes", CODES, *command)

    def json(self, *command):
        return json.loads(self.run("--json", *command))

    def enrol(self, desk, url, *invitation):
        code = desk.json("desk", "invite", *invitation)["code"]
        words = self.json("enrol", code, "--hub", url)["words"]
        request = next(row for row in desk.json("desk", "requests") if row["words"] == words)
        desk.run("desk", "approve", request["request"], "--words", words)
        desk.run("sync")
        self.run("sync")


def set_up(folder, programs, hub):
    """The hub serves, and computers A and B of one prison are enrolled."""
    program = programs / "node/throughgate-node"
    desk = Site(folder, program, "desk", "--name", "Central Team", "--kind", "central")
    key = desk.json("desk", "init", "--name", "Central Team", "--hub-file", hub.printed, "--list", folder / "list")["key"]
    hub.run("trust", key, "--list", folder / "list")
    hub.serve()
    (desk.data / "node.toml").write_text(f'[hub]\nurl = "{hub.url}"\n')
    desk.run("sync")
    prison = ["--name", "HMP Made Up", "--kind", "prison", "--establishment", "LEI"]
    a = Site(folder, program, "A", *prison)
    a.enrol(desk, hub.url, "HMP Made Up", "--kind", "prison", "--establishment", "LEI")
    rows = " ".join(re.findall(r"^\s+(?:\d+ \w+\s*){4}$", a.printed, re.M))
    sheet = private_file(folder / "sheet", " ".join(re.findall(r"\d+ (\w+)", rows)))
    number = re.search(r"^ +((?:[0-9a-f]{4}-){8}[0-9a-f]{4})$", a.printed, re.M).group(1)
    b = Site(folder, program, "B", *prison, "--join", number, sheet=sheet)
    b.enrol(desk, hub.url, "HMP Made Up", "--another")
    for site in (a, b, a, b):
        site.run("sync")
    for site in (a, b):
        site.run("key-file", folder / f"{site.data.name}.key")

    def another(name):
        made = Site(folder, program, name, *prison, "--join", number, sheet=sheet)
        made.enrol(desk, hub.url, "HMP Made Up", "--another")

    return desk, b.json("status")["computer_number"], another


class Node:
    """bench_node over one computer's folder."""

    def __init__(self, folder, programs, name, url):
        self.data = folder / name
        self.process = subprocess.Popen(
            [str(part) for part in (programs / "tests/bench/bench_node", self.data, folder / f"{name}.key", "jo", CODES, url,
                                    folder / "ids")],
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *command):
        print(*command, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            raise Failed(f"{self.data.name} {command[0]}: {answer['error']}")
        return answer

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(60)

    def kill(self):
        self.process.kill()
        if (code := self.process.wait(60)) != -signal.SIGKILL:
            raise Failed(f"{self.data.name} had ended before it was killed, with exit code {code}")


class Bench:
    def __init__(self, folder, programs, records):
        self.folder, self.programs, self.records = folder, programs, records
        self.hub, self.nodes, self.figures = Hub(folder, programs / "hub/throughgate-hub"), [], {"records": records}

    def start(self, name):
        node = Node(self.folder, self.programs, name, self.hub.url)
        self.nodes.append(node)
        return node

    def stop(self):
        for node in self.nodes:
            node.stop()
        self.hub.stop()

    def cpu_ms(self):
        return sum(process_cpu_ms(process.pid) for process in (self.hub.process, self.a.process, self.b.process))

    def sync(self, *order):
        """Each of these syncs once; what it cost together."""
        mark, cpu, start = self.hub.proxy.mark(), self.cpu_ms(), time.monotonic()
        requests = sum(node.ask("sync")["requests"] for node in order)
        took = (time.monotonic() - start) * 1000
        time.sleep(0.05)  # until the last byte has been counted
        return {"ms": took, "bytes": self.hub.proxy.since(mark), "cpu_ms": self.cpu_ms() - cpu, "requests": requests}

    def sync_until(self, enough, *order):
        """What it cost until then, without the asking."""
        total = {}
        for _ in range(20):
            for key, cost in self.sync(*order).items():
                total[key] = total.get(key, 0) + cost
            if enough():
                return total
        raise Failed("the computers did not come to hold the same")

    def note(self, name, *costs):
        for key in costs[0]:
            self.figures[f"{name}_{key}"] = round(statistics.median(cost[key] for cost in costs), 1 if key == "ms" else None)

    def equal(self):
        digests = [node.ask("digest") for node in (self.a, self.b)]
        return digests[0]["hash"] == digests[1]["hash"] and digests[1]["count"] == self.records

    @staticmethod
    def volunteer(node, i):
        return dict(field.split("=", 1) for field in node.ask("get", i)["fields"])

    def all_at_b(self):
        return self.b.ask("scan")["count"] == self.records

    def create(self):
        made = self.a.ask("create", self.records, BATCH)
        self.figures |= {"create_ms": round(made["ms"], 1), "create_cpu_ms": round(made["cpu_ms"]),
                         "create_rps": round(self.records / made["ms"] * 1000)}

    def edits(self):
        edited = self.a.ask("edit", "A", 1, 0, 1, self.records)
        self.figures |= {"edit_rps": round(self.records / edited["ms"] * 1000)}
        self.b.ask("edit", "B", 1, 0, 10, (self.records + 9) // 10)
        at_a, at_b = self.volunteer(self.a, 10), self.volunteer(self.b, 10)
        self.note("edits", self.sync_until(self.equal, self.a, self.b, self.a))
        after = self.volunteer(self.b, 10)  # A changed the prison of this one, B the name they are known as
        self.figures["kept_both"] = (after["home-site"] == at_a["home-site"] != at_b["home-site"] and
                                     after["known-as"] == at_b["known-as"] != at_a["known-as"])

    def everyday(self):
        noop, ten, step = [], [], self.records // 10
        for k in range(3):
            noop.append(self.sync(self.a, self.b))
            self.a.ask("edit", "A", 2 + k, (1 + k) % step, step, 10)
            ten.append(self.sync(self.a, self.b))
        self.note("noop", *noop)
        self.note("ten", *ten)
        self.figures["converged"] = self.equal()

    def cold_start(self):
        gets, scans = [], []
        for _ in range(3):
            self.b.kill()
            start = time.monotonic()
            self.b = self.start("B")
            self.b.ask("get", self.records // 2)
            gets.append((time.monotonic() - start) * 1000)
            if self.b.ask("scan")["count"] != self.records:
                raise Failed("B does not hold all volunteers after a start")
            scans.append((time.monotonic() - start) * 1000)
        self.figures |= {"cold_get_ms": round(statistics.median(gets), 1), "cold_scan_ms": round(statistics.median(scans), 1)}

    def memory(self):
        for name, process in (("A", self.a.process), ("B", self.b.process), ("hub", self.hub.process)):
            self.figures[f"rss_{name}_mb"] = highest_memory_mb(process.pid)

    def sizes(self):
        for name, path in (("A", self.folder / "A"), ("B", self.folder / "B"), ("hub", self.hub.store)):
            self.figures[f"disk_{name}"], self.figures[f"disk_{name}_alloc"] = bytes_in(path)

    def renew(self, desk, number_of_b, another):
        self.hub.serve()
        for i in range(COMPUTERS - 3):  # beside A, B and the desk
            another(f"C{i}")
        desk.run("sync")
        desk.run("desk", "revoke", number_of_b, "--reason", "stolen", "--confirm")
        start = time.monotonic()
        made = desk.json("rotate")["new_keys_made"]
        rotated = time.monotonic()
        desk.run("sync")
        self.figures |= {"renewed": made, "renew_ms": round((rotated - start) * 1000, 1),
                         "renew_sync_ms": round((time.monotonic() - rotated) * 1000, 1)}
        if made != self.records or desk.json("rotate")["have_new_keys"] != made:
            raise Failed("the desk did not make a new key for each volunteer, once")

    def play(self):
        desk, number_of_b, another = set_up(self.folder, self.programs, self.hub)
        self.a, self.b = self.start("A"), self.start("B")
        machine, own, start = machine_busy_ms(), self.cpu_ms() + time.process_time() * 1000, time.monotonic()
        self.create()
        self.note("initial", self.sync_until(self.all_at_b, self.a, self.b))
        self.edits()
        self.everyday()
        used = self.cpu_ms() + time.process_time() * 1000 - own
        others = (machine_busy_ms() - machine - used) / (time.monotonic() - start) / 1000
        self.figures["others_cpu"] = round(max(0.0, others), 2)
        self.memory()
        self.cold_start()
        self.stop()
        self.sizes()
        self.renew(desk, number_of_b, another)
        return self.figures


def shown(value):
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:,}"


def main():
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1000, metavar="N", help="how many volunteers (default 1000, at least 20)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build/release", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.records < 20:
        parser.error("--records must be at least 20")
    with tempfile.TemporaryDirectory(prefix="throughgate-bench-") as name:
        bench = Bench(pathlib.Path(name), options.programs.resolve(), options.records)
        try:
            figures = bench.play()
        finally:
            bench.stop()
    if options.json:
        print(json.dumps(figures))
        return
    for key, value in figures.items():
        print(f"{key:16} {shown(value):>16}")


try:
    main()
except Failed as failed:
    sys.exit(f"bench: {failed}")

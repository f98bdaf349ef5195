#!/usr/bin/env python3
"""tools/generate_data: equal seeds write equal bytes, in the words of the record types, about nobody who exists."""
import csv
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDS = ROOT / "node" / "records"


def generate(folder, *arguments):
    return subprocess.run([ROOT / "tools" / "generate_data", folder, *arguments], capture_output=True, text=True,
                          check=False)


def contents(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def message(name):
    """The text of one message, from whichever file has it."""
    for path in RECORDS.glob("*.proto"):
        found = re.search(rf"^message {name} \{{.*?^\}}", path.read_text(), re.S | re.M)
        if found:
            return found.group(0)
    raise AssertionError(f"no message {name}")


def fields(name):
    return set(re.findall(r"(\w+) = \d+ \[\(field\)", message(name)))


def transitions():
    """(from, to) of every step that a handover may take."""
    states = re.search(r"enum State \{.*?^  \}", message("Handover"), re.S | re.M).group(0)
    return {(start, state) for state, rest in re.findall(r"(\w+) = \d+ \[(.*?)\];", states, re.S)
            for start in re.findall(r'from: "(\w+)"', rest)}


class GenerateData(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        run = generate(cls.folder.name)
        assert run.returncode == 0, run.stderr
        cls.files = contents(cls.folder.name)
        cls.handovers = [json.loads(line) for line in cls.files["handovers.jsonl"].decode().splitlines()]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_two_runs_with_one_seed_write_equal_bytes(self):
        for arguments in ([], ["--messy", "--seed", "7"]):
            with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
                generate(first, *arguments)
                generate(second, *arguments)
                self.assertEqual(contents(first), contents(second))

    def test_another_seed_writes_other_bytes(self):
        with tempfile.TemporaryDirectory() as other:
            generate(other, "--seed", "2")
            self.assertNotEqual(contents(other)["handovers.jsonl"], self.files["handovers.jsonl"])

    def test_the_sizes_are_those_asked_for(self):
        counts = {name: len(list(csv.DictReader(text.decode().splitlines())))
                  for name, text in self.files.items() if name.endswith(".csv")}
        self.assertEqual(sorted(counts.values()), [30] * 4 + [150] * 3)
        self.assertEqual(len(self.handovers), 120)

    def test_every_state_is_there_and_was_reached_by_steps_that_exist(self):
        allowed = transitions()
        self.assertGreater(len(allowed), 100)
        states = {state for step in allowed for state in step}
        self.assertEqual({each["state"] for each in self.handovers}, states)
        for each in self.handovers:
            self.assertEqual(each["steps"][-1], each["state"])
            for step in zip(each["steps"], each["steps"][1:]):
                self.assertIn(step, allowed)

    def test_fields_bear_the_names_of_the_record_types(self):
        handover, need, flag = fields("Handover"), fields("Need"), fields("Flag")
        self.assertIn("release_date", handover)
        for each in self.handovers:
            self.assertLessEqual(set(each) - {"number", "steps", "needs", "flags"}, handover)
            for record in each["needs"]:
                self.assertLessEqual(set(record), need)
            for record in each["flags"]:
                self.assertLessEqual(set(record), flag)

    def test_only_reserved_telephone_numbers_and_addresses_are_used(self):
        with tempfile.TemporaryDirectory() as messy:
            generate(messy, "--messy")
            texts = {**self.files, **{f"messy-{name}": text for name, text in contents(messy).items()}}
        for text in texts.values():
            text = text.decode()
            for number in re.findall(r"(?<![\w-])(?:\+44 ?|0)?(?:7\d{3}|1\d{3}) ?\d{6}\b", text):
                self.assertRegex(re.sub(r"\D", "", number), r"^(44|0)?(7700900|1632960)\d{3}$")
            for address in re.findall(r"[\w.]+(?:@| at )[\w.]+\.\w+", text):
                self.assertTrue(address.lower().endswith("example.org"), address)

    def test_no_alert_that_stays_in_the_prison_is_in_a_handover(self):
        alerts = (ROOT / "config" / "codes" / "alerts.toml").read_text()
        secret = set(re.findall(r'code = "(\w+)".*share = "S0"', alerts))
        self.assertIn("XPOI", secret)
        used = {flag["code"] for each in self.handovers for flag in each["flags"]}
        self.assertTrue(used)
        self.assertFalse(used & secret)

    def test_too_many_is_refused_in_words(self):
        with tempfile.TemporaryDirectory() as folder:
            for arguments in (["--prisons", "1000"], ["--handovers", "100001"], ["--partners", "0"]):
                run = generate(folder, *arguments)
                self.assertNotEqual(run.returncode, 0)
                self.assertIn(arguments[0], run.stderr)
                self.assertNotIn("Traceback", run.stderr)


if __name__ == "__main__":
    unittest.main()

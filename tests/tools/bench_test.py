#!/usr/bin/env python3
"""tools/bench says everything it promises, in figures that can be true. Times are not judged.

usage: bench_test.py BUILD-FOLDER"""
import json
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = sys.argv.pop(1)
COSTS = ("initial", "edits", "noop", "ten")


def bench(*arguments):
    done = subprocess.run([ROOT / "tools/bench_workload.py", "--programs", PROGRAMS, *arguments], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class BenchTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.few = json.loads(bench("--records", "20", "--json"))
        cls.more = json.loads(bench("--records", "200", "--json"))

    def test_every_key_is_there_and_more_than_nothing(self):
        keys = {"records", "create_rps", "create_ms", "create_cpu_ms", "edit_rps", "cold_get_ms", "cold_scan_ms", "disk_A", "disk_B",
                "disk_hub", "disk_A_alloc", "disk_B_alloc", "disk_hub_alloc", "rss_A_mb", "rss_B_mb", "rss_hub_mb", "others_cpu", "kept_both", "converged",
                "renewed", "renew_ms", "renew_sync_ms"}
        keys |= {f"{name}_{what}" for name in COSTS for what in ("ms", "bytes", "requests", "cpu_ms")}
        self.assertEqual(set(self.few), keys)
        may_be_none = {"others_cpu"} | {f"{name}_cpu_ms" for name in COSTS} | {"create_cpu_ms"}  # the clock ticks in 10 ms
        for key in keys - may_be_none:
            self.assertGreater(self.few[key], 0, key)

    def test_file_systems_set_blocks_aside(self):
        for key in ("disk_A_alloc", "disk_B_alloc", "disk_hub_alloc"):
            self.assertEqual(self.few[key] % 512, 0, key)
            self.assertGreater(self.few[key], self.few[key.removesuffix("_alloc")] // 2, key)

    def test_both_computers_end_with_the_same_and_both_edits_of_a_volunteer_stand(self):
        for figures in (self.few, self.more):
            self.assertIs(figures["converged"], True)
            self.assertIs(figures["kept_both"], True)

    def test_the_proxy_has_seen_every_volunteer_twice(self):
        sent = 2 * (self.more["records"] - self.few["records"]) * 270 * 0.4  # on both ways; packed, but not to nothing
        self.assertGreater(self.more["initial_bytes"] - self.few["initial_bytes"], sent)
        self.assertGreater(self.few["ten_bytes"], self.few["noop_bytes"])

    def test_a_sync_costs_what_has_changed_whatever_the_size_of_the_store(self):
        for key in ("noop_bytes", "ten_bytes"):
            self.assertLess(abs(self.more[key] - self.few[key]), 0.05 * self.few[key], key)
        for key in ("noop_requests", "ten_requests"):
            self.assertEqual(self.more[key], self.few[key], key)

    def test_the_table_says_the_same_words(self):
        said = subprocess.run([ROOT / "tools/bench", "--help"], capture_output=True, text=True, check=True).stdout
        for key in ("create_rps", "kept_both", "converged", "edit_rps", "disk_B", "disk_B_alloc", "rss_hub_mb", "others_cpu"):
            self.assertIn(key, said)


unittest.main()

#!/usr/bin/env python3
"""Tests of the comparison itself, without Skein and without any peer: `make peers-test`."""

import json
import os
import subprocess
import sys
import tempfile
import types
import unittest

import losses
import report
import rounds
from programs import PEERS, SKEIN, Failure


def result(program, threads, *rates, row="lines", error=""):
    return {
        "row": row,
        "program": program,
        "threads": threads,
        "error": error,
        "rates": [[float(rate)] for rate in rates],
        "memoryMiB": [1.0],
        "peakGigaflops": [100.0] if program == SKEIN else [],
        "operationsPerSample": 1000 if program == SKEIN else None,
    }


class LossesTests(unittest.TestCase):
    def test_a_loss_must_be_finite_and_fall(self):
        self.assertIsNone(losses.fault(2.3, 0.1))
        self.assertIn("does not fall", losses.fault(2.3, 2.3))
        self.assertIn("not finite", losses.fault(2.3, float("nan")))

    def test_losses_must_agree_in_every_epoch(self):
        peers = [[1.0, 0.5], [1.001, 0.501], [1.0, 0.5]]
        self.assertIsNone(losses.disagreement([1.01, 0.505], peers, losses.PEERS))
        self.assertIn("epoch 1", losses.disagreement([1.03, 0.5], peers, losses.PEERS))
        self.assertIn("epoch 2", losses.disagreement([1.0, 0.48], peers, losses.PEERS))
        self.assertIsNone(losses.disagreement([1.2, 0.41], peers, losses.OTHERS))
        self.assertIsNone(losses.disagreement([1.0], [], losses.PEERS))


class ReportTests(unittest.TestCase):
    def test_a_peer_may_use_fewer_threads(self):
        found = [result("A", 1, 300), result("A", 2, 200), result("B", 1, 100), result("B", 2, 250)]
        self.assertEqual(report.name(report.fastest(found, "lines", 2), 2), "A on 1 of them")
        self.assertEqual(report.name(report.fastest(found, "lines", 1), 1), "A")
        self.assertIsNone(report.fastest(found, "tiny", 2))

    def test_the_ratio_is_the_median_of_the_rounds_ratios(self):
        # Medians alone would give 200 / 100.
        own, other = result(SKEIN, 1, 100, 200, 400), result("A", 1, 100, 50, 400)
        self.assertEqual(report.ratio(own, other), 1)
        self.assertIsNone(report.ratio(own, None))

    def test_the_table_shows_what_failed_and_what_is_unknown(self):
        found = [result(SKEIN, 1, 2e6), result("A", 1, error="no | wheel")]
        row = report.comparison(found, ["lines"], [1])[-1]
        self.assertEqual(row, "| lines | 2000 | – (none) | – | 2% |")
        self.assertIn("failed: no / wheel", report.programs(found, ["lines"])[-1])
        self.assertEqual(report.failures(found), ["lines, A, 1: no | wheel"])


class FakeRunner:
    """Answers in place of programs: Skein, a peer that trains well, and what `broken` says."""

    def __init__(self, broken):
        self.broken, self.ran = broken, []

    def measure_skein(self, row, threads):
        self.ran.append("skein")
        found = {"rates": [4.0, 4.0], "memoryMiB": 1.0, "peakGigaflops": 1.0}
        return found | {"operationsPerSample": 1, "cpu": "a CPU", "versions": {}}

    def losses_of_skein(self, row, threads, epochs):
        return [1.1, 0.5][:epochs]

    def measure_peer(self, peer, python, row, threads, epochs):
        self.ran.append(peer.key)
        found = {"rates": [2.0, 2.0], "memoryMiB": 1.0, "losses": [1.0, 0.5][:epochs]}
        if peer.key in self.broken:
            if isinstance(self.broken[peer.key], Failure):
                raise self.broken[peer.key]
            found["losses"] = self.broken[peer.key][:epochs]
        return found


class RoundsTests(unittest.TestCase):
    def setUp(self):
        environments = types.SimpleNamespace(make=lambda *_: "python", versions=lambda _: {})
        self.addCleanup(setattr, rounds, "environments", rounds.environments)
        rounds.environments = environments

    def run_rounds(self, broken, row="lines"):
        options = types.SimpleNamespace(
            peers=list(PEERS), rows=[row], threads=[1], rounds=3, environments="", libxsmm=None
        )
        runner = FakeRunner(broken)
        stderr, sys.stderr = sys.stderr, open(os.devnull, "w")
        try:
            measured = rounds.Rounds(options, runner)
            measured.run()
        finally:
            sys.stderr.close()
            sys.stderr = stderr
        return measured.results, runner.ran

    def test_every_round_runs_all_and_begins_with_another(self):
        found, ran = self.run_rounds({})
        count = 1 + len(PEERS)
        parts = [ran[at : at + count] for at in range(0, len(ran), count)]
        self.assertEqual([sorted(part) for part in parts], [sorted(["skein", *PEERS])] * 3)
        self.assertEqual(len({part[0] for part in parts}), 3)
        self.assertEqual(report.ratio(report.skein(found, "lines", 1), found[1]), 2)
        self.assertEqual(report.failures(found), [])

    def test_a_failure_is_kept_and_not_tried_again(self):
        found, ran = self.run_rounds({"jax": Failure("no wheel")})
        self.assertEqual(ran.count("jax"), 1)
        self.assertEqual([r["error"] for r in found if r["key"] == "jax"], ["no wheel"])

    def test_a_peer_that_trains_otherwise_has_no_figure(self):
        found, _ = self.run_rounds({"jax-old": [1.0, 0.6]})
        wrong = next(r for r in found if r["key"] == "jax-old")
        self.assertEqual((wrong["rates"], "epoch 2" in wrong["error"]), ([], True))
        self.assertEqual(len(report.failures(found)), 1)

    def test_bfloat16_is_compared_with_pytorch_alone(self):
        found, _ = self.run_rounds({}, "wide bf16")
        self.assertEqual([r["key"] for r in found], [None, "torch-eager", "torch-compiled"])


class CommandTests(unittest.TestCase):
    """The whole command, with a script in place of Skein."""

    threads = "1,2" if len(os.sched_getaffinity(0)) > 1 else "1"

    def compare(self, check_status):
        with tempfile.TemporaryDirectory() as folder:
            skein, out = os.path.join(folder, "skein"), os.path.join(folder, "out.json")
            bench = {"rows": [{"repetitions": [1e6, 3e6, 2e6], "peakGigaflops": 100}]}
            bench |= {"operationsPerSample": 1000, "cpu": "a CPU", "versions": {}}
            with open(skein, "w") as file:
                file.write(SCRIPT.format(python=sys.executable, status=check_status, bench=bench))
            os.chmod(skein, 0o755)
            here = os.path.dirname(os.path.abspath(__file__))
            command = [sys.executable, os.path.join(here, "peers.py"), "--skein", skein]
            command += ["--peers", "", "--rounds", "2", "--json", out]
            command += ["--rows", "wide,wide bf16", "--threads", self.threads]
            done = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(out) as file:
                return done.stdout, json.load(file)["results"]

    def test_bfloat16_is_left_out_where_skein_does_not_know_it(self):
        text, found = self.compare(check_status=2)
        self.assertIn("wide bf16 is left out", text)
        self.assertIn("| wide | 2000", text)
        self.assertEqual({r["row"] for r in found}, {"wide"})

    def test_bfloat16_is_shown_beside_float(self):
        text, found = self.compare(check_status=0)
        self.assertIn("Skein, wide, bfloat16 against Float: 1.00", text)
        self.assertEqual({r["row"] for r in found}, {"wide", "wide bf16"})


SCRIPT = """#!{python}
import json, os, sys
words = sys.argv[1:]
if words[0] == "check":
    sys.exit({status})
if words[0] == "bench":
    assert ("training.bf16=true" in words) <= ({status} == 0)
    json.dump({bench}, open(words[words.index("--json") + 1], "w"))
if words[0] == "train":
    run = words[words.index("--run") + 1]
    os.mkdir(run)
    with open(os.path.join(run, "metrics.jsonl"), "w") as file:
        file.write('{{"trainLoss": 1.0}}\\n{{"trainLoss": 0.5}}\\n')
"""

if __name__ == "__main__":
    unittest.main()

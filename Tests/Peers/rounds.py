"""The measurement: rounds in which Skein and the peers take turns."""

import json
import os
import sys

import environments
import losses
from programs import HERE, PEERS, ROWS, SKEIN, Failure

CHECKED = 2  # epochs whose losses are compared, in the first round


class Rounds:
    """Measures every program at every row and number of threads, and keeps what was found."""

    def __init__(self, options, runner):
        self.options, self.runner = options, runner
        self.versions, self.cpu, self.libxsmm = {}, "", []
        self.pythons, reasons = {}, {}
        for name in dict.fromkeys(PEERS[key].environment for key in options.peers):
            try:
                self.pythons[name] = environments.make(options.environments, name)
                self.versions[name] = environments.versions(self.pythons[name])
            except Failure as failure:
                reasons[name] = str(failure)
        self.results = []
        for row in (ROWS[name] for name in options.rows):
            peers = [PEERS[key] for key in options.peers if PEERS[key].takes(row)]
            for peer in [None, *peers]:
                error = reasons.get(peer.environment, "") if peer else ""
                for threads in options.threads:
                    self.results.append(self._result(row, peer, threads, error))
        if options.libxsmm:
            self.libxsmm = [
                {"row": name, "threads": threads, "gigaflops": [], "error": ""}
                for name in options.rows
                if ROWS[name].workload == "wide"
                for threads in options.threads
            ]

    @staticmethod
    def _result(row, peer, threads, error):
        return {
            "row": row.name,
            "program": peer.name if peer else SKEIN,
            "key": peer.key if peer else None,
            "threads": threads,
            "error": error,
            "rates": [],
            "memoryMiB": [],
            "losses": [],
            "peakGigaflops": [],
            "operationsPerSample": None,
        }

    def run(self):
        """All rounds. Each begins with another program, so that none has the best place."""
        for turn in range(self.options.rounds):
            for row in self.options.rows:
                for threads in self.options.threads:
                    same = [r for r in self.results if (r["row"], r["threads"]) == (row, threads)]
                    first = turn % len(same)
                    for result in same[first:] + same[:first]:
                        self._measure(result, turn)
                    self._measure_libxsmm(row, threads)
                    if turn == 0:
                        self._compare_losses(same)

    def _measure(self, result, turn):
        if result["error"]:
            return
        row, threads = ROWS[result["row"]], result["threads"]
        words = [row.name, result["program"], f"{threads} threads"]
        print(f"round {turn + 1}/{self.options.rounds}:", *words, file=sys.stderr, flush=True)
        epochs = CHECKED if turn == 0 else 0
        try:
            if result["key"]:
                peer = PEERS[result["key"]]
                found = self.runner.measure_peer(
                    peer, self.pythons[peer.environment], row, threads, epochs
                )
                result["losses"] += found["losses"]
            else:
                if epochs:
                    result["losses"] = self.runner.losses_of_skein(row, threads, epochs)
                found = self.runner.measure_skein(row, threads)
                result["peakGigaflops"].append(found["peakGigaflops"])
                result["operationsPerSample"] = found["operationsPerSample"]
                self.cpu, self.versions["skein"] = found["cpu"], found["versions"]
            result["rates"].append(found["rates"])
            result["memoryMiB"].append(found["memoryMiB"])
        except Failure as failure:
            self._fail(result, failure)

    def _compare_losses(self, same):
        """Fails each of the results of a row whose training was another one."""
        peers = [r["losses"] for r in same if r["key"] and not r["error"]]
        for result in (r for r in same if not r["error"]):
            limit = losses.PEERS if result["key"] else losses.OTHERS
            fault = losses.disagreement(result["losses"], peers, limit)
            if fault:
                self._fail(result, fault)

    def _measure_libxsmm(self, row, threads):
        for result in self.libxsmm:
            if (result["row"], result["threads"]) == (row, threads) and not result["error"]:
                with open(os.path.join(HERE, "workloads.json")) as file:
                    work = json.load(file)[ROWS[row].workload]
                try:
                    driver, block = self.options.libxsmm, self.options.libxsmm_block
                    rate = self.runner.measure_libxsmm(driver, ROWS[row], work, block, threads)
                    result["gigaflops"].append(rate)
                except Failure as failure:
                    result["error"] = str(failure)

    @staticmethod
    def _fail(result, failure):
        result["error"] = str(failure)
        result["rates"] = []

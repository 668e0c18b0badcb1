"""The figures as Markdown.

A result is a dictionary: row, program, threads, and either its rates (samples/s of all
repetitions, a list for each round), or the error that it has instead.
"""

import itertools
import statistics

from programs import SKEIN


def middle(result):
    """Median samples/s of all repetitions, or None where there is no figure."""
    rates = list(itertools.chain(*result["rates"])) if result else []
    return statistics.median(rates) if rates else None


def skein(found, row, threads):
    """Skein's result, or None."""
    wanted = (row, SKEIN, threads)
    return next((r for r in found if (r["row"], r["program"], r["threads"]) == wanted), None)


def fastest(found, row, threads):
    """The fastest peer's result with up to `threads` threads, or None.

    A peer that is faster on one core than on two may use one.
    """
    peers = [
        result
        for result in found
        if result["row"] == row
        and result["program"] != SKEIN
        and result["threads"] <= threads
        and result["rates"]
    ]
    return max(peers, key=middle, default=None)


def name(result, threads):
    """Which peer has a column's figure, and on how many threads where it uses fewer."""
    if result is None:
        return "none"
    fewer = f" on {result['threads']} of them" if result["threads"] < threads else ""
    return result["program"] + fewer


def ratio(own, other):
    """The median over the rounds of two results' ratios, or None.

    A round's programs run within minutes, so a machine that slows down slows both.
    """
    if not (own and other):
        return None
    pairs = zip(own["rates"], other["rates"])
    ratios = [statistics.median(a) / statistics.median(b) for a, b in pairs]
    return statistics.median(ratios) if ratios else None


def peaks(found):
    """The highest multiply-add peak measured with each number of threads, in GFLOP/s."""
    best = {}
    for result in found:
        for peak in result.get("peakGigaflops", []):
            best[result["threads"]] = max(peak, best.get(result["threads"], 0))
    return best


def share(found, row, rate, threads):
    """The rate's share of the multiply-add peak of `threads` cores, or None."""
    costs = [r["operationsPerSample"] for r in found if r["row"] == row and SKEIN == r["program"]]
    cost, peak = next(filter(None, costs), None), peaks(found).get(threads)
    return rate * cost / 1e9 / peak if rate and cost and peak else None


def thousands(rate):
    return "–" if rate is None else f"{rate / 1e3:.0f}" if rate >= 1e5 else f"{rate / 1e3:.3g}"


def two_places(number):
    return "–" if number is None else f"{number:.2f}"


def percent(part):
    return "–" if part is None else f"{part:.0%}"


def comparison(found, rows, threads):
    """The table of Skein against the fastest peer of each row."""
    counts = " / ".join(map(str, threads))
    lines = [
        f"| workload | Skein, {counts} threads (k samples/s) | fastest peer, {counts} threads "
        "| ratio | Skein's share of the multiply-add peak |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        own = [skein(found, row, count) for count in threads]
        best = [fastest(found, row, count) for count in threads]
        names = [name(result, count) for result, count in zip(best, threads)]
        rates = " / ".join(thousands(middle(result)) for result in best)
        who = names[0] if len(set(names)) == 1 else ", ".join(names)
        ratios = [two_places(ratio(o, b)) for o, b in zip(own, best)]
        own = [middle(result) for result in own]
        shares = [percent(share(found, row, o, count)) for o, count in zip(own, threads)]
        cells = [row, " / ".join(map(thousands, own)), f"{rates} ({who})"]
        lines.append("| " + " | ".join(cells + [" / ".join(ratios), " / ".join(shares)]) + " |")
    return lines


def programs(found, rows):
    """The table of every program: a line for each row and number of threads."""
    lines = [
        "| workload | program | threads | k samples/s | quartiles' distance | of the peak | MiB |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in (r for row in rows for r in found if r["row"] == row):
        cells = [result["row"], result["program"], str(result["threads"])]
        if result["error"]:
            cells += ["failed: " + result["error"].replace("|", "/"), "", "", ""]
        elif result["rates"]:
            rate, values = middle(result), list(itertools.chain(*result["rates"]))
            low, _, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
            part = share(found, result["row"], rate, result["threads"])
            cells += [thousands(rate), f"{(high - low) / rate:.1%}", percent(part)]
            cells.append(f"{max(result['memoryMiB']):.0f}")
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def notes(found, threads):
    """Skein's gain from bfloat16 where it was measured, and the peak that shares are of."""
    lines = []
    pairs = [[skein(found, row, count) for row in ("wide bf16", "wide")] for count in threads]
    gains = [ratio(half, full) for half, full in pairs]
    if all(gains):
        ratios = " / ".join(map(two_places, gains))
        lines.append(f"Skein, wide, bfloat16 against Float: {ratios}")
    measured = peaks(found)
    peak = " / ".join(f"{measured[count]:.0f}" for count in threads if count in measured)
    lines.append(f"multiply-add peak in Float, measured beside it: {peak or '–'} GFLOP/s")
    return lines


def libxsmm(found):
    """What libxsmm-dnn's driver makes, a line for each row and number of threads."""
    lines = []
    for result in found:
        rate = statistics.median(result["gigaflops"]) if result["gigaflops"] else None
        figure = f"failed: {result['error']}" if result["error"] else f"{rate:.1f} GFLOP/s"
        lines.append(f"libxsmm-dnn's driver, {result['row']}, {result['threads']}: {figure}")
    remark = "(without samples, loss and, in some of its editions, update)"
    return [*lines, remark] if lines else []


def failures(found):
    """What failed, a line each."""
    return [
        f"{r['row']}, {r.get('program', 'libxsmm-dnn')}, {r['threads']}: {r['error']}"
        for r in found
        if r["error"]
    ]

"""The figures as Markdown.

A result is a dictionary: row, program, threads, and either its rates (samples/s of all
repetitions), or the error that it has instead.
"""

import statistics

from programs import SKEIN


def median(found, row, program, threads):
    """Median samples/s, or None where there is no figure."""
    for result in found:
        if (result["row"], result["program"], result["threads"]) == (row, program, threads):
            return statistics.median(result["rates"]) if result["rates"] else None
    return None


def fastest(found, row, threads):
    """The fastest peer's name and rate with up to `threads` threads, or None.

    A peer that is faster on one core than on two may use one.
    """
    rates = [
        (statistics.median(result["rates"]), result)
        for result in found
        if result["row"] == row
        and result["program"] != SKEIN
        and result["threads"] <= threads
        and result["rates"]
    ]
    if not rates:
        return None
    rate, best = max(rates, key=lambda pair: pair[0])
    fewer = f" on {best['threads']} of them" if best["threads"] < threads else ""
    return best["program"] + fewer, rate


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
        own = [median(found, row, SKEIN, count) for count in threads]
        best = [fastest(found, row, count) for count in threads]
        names = [b[0] if b else "none" for b in best]
        rates = " / ".join(thousands(b and b[1]) for b in best)
        who = names[0] if len(set(names)) == 1 else ", ".join(names)
        ratios = [f"{o / b[1]:.2f}" if o and b else "–" for o, b in zip(own, best)]
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
            middle, values = statistics.median(result["rates"]), result["rates"]
            low, _, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
            part = share(found, result["row"], middle, result["threads"])
            cells += [thousands(middle), f"{(high - low) / middle:.1%}", percent(part)]
            cells.append(f"{max(result['memoryMiB']):.0f}")
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def notes(found, threads):
    """Skein's gain from bfloat16 where it was measured, and the peak that shares are of."""
    lines = []
    pairs = [[median(found, row, SKEIN, t) for row in ("wide bf16", "wide")] for t in threads]
    if all(half and full for half, full in pairs):
        ratios = " / ".join(f"{half / full:.2f}" for half, full in pairs)
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

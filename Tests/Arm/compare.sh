#!/usr/bin/env bash
# Compares what digests.c has printed on several processors, a file each: every level must have
# every loop, with as many numbers and the same digest. NEON must be among the levels, and every
# file must have the baseline, which is on all processors.
set -euo pipefail
awk -F '\t' '
  FNR == 1 { place = FILENAME; sub(".*/", "", place) }
  NF != 4 { print place ": not a line of digests: " $0; failed = 1; next }
  {
    level = $1 ", " place
    if (!(level in counts)) levels[++level_count] = level
    counts[level]++
    if (!($2 in first)) { first[$2] = $3 " " $4; who[$2] = level; loops++; numbers += $3 }
    else if (first[$2] != $3 " " $4) { print $2 ": " level " differs from " who[$2]; failed = 1 }
    has_neon = has_neon || $1 == "NEON"
    has_baseline[FILENAME] = has_baseline[FILENAME] || $1 == "baseline"
  }
  END {
    for (i = 1; i <= level_count; i++) {
      if (counts[levels[i]] != loops) {
        print levels[i] ": " counts[levels[i]] " loops of " loops; failed = 1
      }
    }
    for (i = 1; i < ARGC; i++) {
      if (!has_baseline[ARGV[i]]) { print ARGV[i] ": no baseline"; failed = 1 }
    }
    if (!has_neon) { print "no level is NEON"; failed = 1 }
    if (failed) exit 1
    print "the same bits in " loops " loops, " numbers " numbers, on each of:"
    for (i = 1; i <= level_count; i++) print "  " levels[i]
  }' "$@"

#!/usr/bin/env bash
# Compares the lines that digests.c has printed on several processors: every level must have every
# loop, with the same number of numbers and the same digest, and NEON must be among the levels.
set -euo pipefail
awk -F '\t' '
  NF != 4 { print FILENAME ": not a line of digests: " $0; failed = 1; next }
  {
    levels[$1 " of " FILENAME]++
    if (!($2 in first)) { first[$2] = $3 " " $4; who[$2] = $1; loops++ }
    else if (first[$2] != $3 " " $4) { print $2 ": " $1 " differs from " who[$2]; failed = 1 }
    has_neon = has_neon || $1 == "NEON"
    numbers[$1] += $3
  }
  END {
    for (level in levels) {
      if (levels[level] != loops) {
        print level ": " levels[level] " loops of " loops; failed = 1
      }
    }
    if (!has_neon) { print "no level is NEON"; failed = 1 }
    if (failed) exit 1
    print loops " loops have the same bits, " numbers["NEON"] " numbers on each of:"
    for (level in levels) print "  " level
  }' "$@"

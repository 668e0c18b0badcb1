#!/usr/bin/env bash
# A training step allocates nothing: so many steps more, within one epoch, are 0 allocations more.
# usage: allocations.sh SKEIN
set -euo pipefail
skein=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clang -shared -fPIC -O2 -o "$work/count.so" "$here/count.c"

# The allocations of `verify` of a job with so many steps, on so many threads; other arguments set
# keys. Hash tables grow by chance otherwise, and a job is read with the help of some.
allocations() {
  local job=$1 steps=$2 threads=$3
  shift 3
  SWIFT_DETERMINISTIC_HASHING=1 LD_PRELOAD="$work/count.so" "$skein" verify \
    "$here/../../Configs/$job.yaml" --threads "$threads" --steps "$steps" \
    --set training.batchSize=4 --set parallel.batchShards=2 "$@" 2>&1 >/dev/null |
    awk '/^allocations/ { print $2 }'
}

# Fails where twice as many steps of a job allocate more than `limit` times more.
compare() {
  local job=$1 steps=$2 threads=$3 limit=$4 less more
  shift 4
  less=$(allocations "$job" "$steps" "$threads" "$@")
  more=$(allocations "$job" $((2 * steps)) "$threads" "$@")
  # Reading the job alone takes thousands; a count of none would be a counter that sees nothing.
  [ "$less" -gt 1000 ] || { echo "$less allocations counted: the counter is blind"; exit 1; }
  echo "$job, $threads threads, ${*:2}: $((more - less)) allocations in $steps steps"
  [ $((more - less)) -le "$limit" ]
}

# With two threads the system may allocate for itself now and then; an allocation per step would be
# one for each.
for threads in 1 2; do
  limit=$((threads == 1 ? 0 : 20))
  for settings in "loss=crossEntropy" "loss=meanSquaredError" "optimizer.momentum=0.9" \
    "model.activation=gelu" "training.bf16=true" "optimizer.kind=adamW" "training.average=0.9" \
    "optimizer.clipNorm=1" "schedule.kind=oneCycle" "data.validation=0.1"; do
    compare lines 1000 $threads $limit --set "$settings"
  done
  # 784-256-128-10: parameters in many blocks, which workers share.
  compare digits 400 $threads $limit --set optimizer.momentum=0.9
done

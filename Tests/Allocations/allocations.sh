#!/usr/bin/env bash
# A training step allocates nothing: 1,000 steps more, within one epoch, are 0 allocations more.
# usage: allocations.sh SKEIN
set -euo pipefail
skein=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clang -shared -fPIC -O2 -o "$work/count.so" "$here/count.c"

# The allocations of `verify` with so many steps, on so many threads; other arguments set keys.
allocations() {
  local steps=$1 threads=$2
  shift 2
  LD_PRELOAD="$work/count.so" "$skein" verify "$here/../../Configs/lines.yaml" --threads "$threads" \
    --steps "$steps" --set training.batchSize=4 --set parallel.batchShards=2 "$@" 2>&1 >/dev/null |
    awk '/^allocations/ { print $2 }'
}

# With two threads the system may allocate for itself now and then; an allocation per step would be
# 1,000 of them.
for threads in 1 2; do
  limit=$((threads == 1 ? 0 : 20))
  for settings in "loss=crossEntropy" "loss=meanSquaredError" "optimizer.momentum=0.9" \
    "model.activation=gelu"; do
    less=$(allocations 1000 $threads --set $settings)
    more=$(allocations 2000 $threads --set $settings)
    # Reading the job alone takes thousands; a count of none would be a counter that sees nothing.
    [ "$less" -gt 1000 ] || { echo "$less allocations counted: the counter is blind"; exit 1; }
    echo "$threads threads, $settings: $((more - less)) allocations in 1000 steps"
    [ $((more - less)) -le $limit ]
  done
done

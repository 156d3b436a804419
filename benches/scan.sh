#!/bin/sh
# Times `sunwatch scan` and ripgrep counting the literals of the same API's
# paths as whole processes, in turn, with two threads each; prints medians,
# their ratio and peak memory.
#
#   benches/scan.sh SUNWATCH RG ROUNDS DOCUMENT FOLDER [FOLDER...]
#
# SUNWATCH is target/release/sunwatch; RG is the binary in the npm package
# @vscode/ripgrep-linux-x64. DOCUMENT is a JSON document of the API or a ledger;
# FOLDER is a large checkout (a git repository, so that both respect its
# .gitignore) of which few files call the API. Needs GNU time as /usr/bin/time.
# The built-in product: DOCUMENT is src/cli/builtin-ledger.json.
set -eu
if [ $# -lt 5 ]; then
    sed -n '2,13p' "$0" >&2
    exit 2
fi
sunwatch=$1 rg=$2 rounds=$3 document=$4
shift 4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The paths of a ledger and of a document, up to the first parameter.
{
    grep -o '"path":"/[^"]*"' "$document" | sed 's/^"path":"//' || true
    grep -oE '"/[^"]*"[[:space:]]*:' "$document" | sed 's/^"//' || true
} | sed 's/["{].*//' | awk 'length($0) > 2' | sort -u >"$folder/literals"
if [ ! -s "$folder/literals" ]; then
    echo "$document names no paths" >&2
    exit 2
fi

# One run: nanoseconds, processor seconds and KiB, appended to a file. To find
# nothing (1) is no failure here.
once() {
    out=$1
    shift
    start=$(date +%s%N)
    status=0
    RAYON_NUM_THREADS=2 /usr/bin/time -o "$folder/time" -f '%U %S %M' "$@" >/dev/null 2>"$folder/error" || status=$?
    if [ "$status" -gt 1 ]; then
        echo "$1 ended with $status: $(tail -n 1 "$folder/error")" >&2
        exit 2
    fi
    end=$(date +%s%N)
    echo "$((end - start)) $(tail -n 1 "$folder/time" | awk '{ print $1 + $2, $3 }')" >>"$out"
}

median() { sort -n -k "$2" "$1" | awk -v k="$2" '{ v[NR] = $k } END { print v[int((NR + 1) / 2)] }'; }
peak() { awk '{ if ($3 > m) m = $3 } END { print m }' "$1"; }

printf '| checkout | files | sunwatch, ms | rg, ms | ratio | sunwatch, CPU s | rg, CPU s | sunwatch, MiB | rg, MiB |\n'
printf '| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n'
for checkout in "$@"; do
    : >"$folder/a"
    : >"$folder/b"
    round=0
    while [ "$round" -lt "$rounds" ]; do
        once "$folder/a" "$sunwatch" scan -q --fail-on never --history "1=$document" -o "$folder/report" "$checkout"
        once "$folder/b" "$rg" -j 2 -c -F -f "$folder/literals" "$checkout"
        round=$((round + 1))
    done
    files=$("$rg" --files "$checkout" | wc -l)
    awk -v name="$(basename "$checkout")" -v files="$files" \
        -v a="$(median "$folder/a" 1)" -v b="$(median "$folder/b" 1)" \
        -v c="$(median "$folder/a" 2)" -v d="$(median "$folder/b" 2)" \
        -v p="$(peak "$folder/a")" -v q="$(peak "$folder/b")" \
        'BEGIN { printf "| %s | %d | %.0f | %.0f | %.1f | %.1f | %.1f | %.0f | %.0f |\n", name, files, a / 1e6, b / 1e6, a / b, c, d, p / 1024, q / 1024 }'
done

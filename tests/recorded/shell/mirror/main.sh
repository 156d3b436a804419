#!/usr/bin/env bash
set -eu
BASE="http://quarry.example"
WGET="wget -q -O -"

fetch() {
  wget --quiet --output-document=- "$BASE/api/v2/$1"
}

fetch users >/dev/null
fetch "users/u-1" >/dev/null
wget -qO- "$BASE/api/v2/exports/e-1" >/dev/null
wget -q -O /dev/null --method=DELETE "$BASE/api/v2/users/u-1"
wget -qO /dev/null --post-data='{"name": "x"}' --header 'Content-Type: application/json' "$BASE/api/v2/crews"
$WGET "$BASE/api/v2/health" >/dev/null
wget -q -O /dev/null --method PUT --body-data '{}' $BASE/api/v2/users/u-1/roles/viewer
wget -qO- http://weather.example/api/v2/sites >/dev/null
eval "curl -s $BASE/api/v2/permits/p-1/documents" >/dev/null
curl -s "$BASE"/api/v2/permits/p-1/documents/d-1 >/dev/null

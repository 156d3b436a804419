#!/usr/bin/env bash
# Nightly work. POST /api/v2/crews is done by somebody else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source lib/common.sh

TOKEN=$(curl -s -d '{"user":"ops"}' "$API/login")
[ -n "$TOKEN" ] || die "no token"

get /sites >/dev/null
get "/sites/s-1/drills?state=running" >/dev/null
call POST /sites/s-1/drills/d-1/stop -d '{}' >/dev/null
call DELETE "/sites/s-1/drills/d-1" >/dev/null
post_body shifts <<EOF >/dev/null
{"crew": "c-1"}
EOF

for kind in crews permits blasts; do
  curl -sS "$API/$kind" >/dev/null
done

curl --silent \
     --request PUT \
     --header "Authorization: Bearer ${TOKEN}" \
     --data-raw "{\"minutes\": 5}" \
     "${QUARRY_URL}/api/v2/alerts/a-1/mute" >/dev/null

curl -sS -o /dev/null -XPOST "${QUARRY_URL}/api/v2/alerts/a-1/ack"
curl -sSI "${API}/exports/e-1/download" >/dev/null
curl -sS -G --data-urlencode "site=s-1" "$API/alerts" >/dev/null
curl -sS --json '{"year": 2026}' "$API/reports/export" >/dev/null || true
url="$API/reports/2026/$(date +%m)"
curl -sS "$url" | head -c 10 >/dev/null || true
legacy=${API/v2/v1}
curl -sS "$QUARRY_URL/api/v1/legacy/blocks/7" -X DELETE >/dev/null
args=(-sS -X PATCH -H "Accept: application/json")
curl "${args[@]}" "$API/shifts/sh-1" -d '{"note": "DELETE me"}' >/dev/null
case "${1:-close}" in
  close) action=close ;;
  *) die "what?" ;;
esac
call POST "/shifts/sh-1/${action}" >/dev/null
echo "done, nothing left at $API/permits/p-1"

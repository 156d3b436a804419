# shellcheck shell=bash
: "${QUARRY_URL:=http://quarry.example}"
API="${QUARRY_URL%/}/api/v2"
CURL="curl -sS --fail --max-time 10"

die() {
  echo "error: $* (see /api/v2/version)" >&2
  exit 1
}

call() {
  local verb="$1"; shift
  local path="$1"; shift
  $CURL -X "$verb" -H "Content-Type: application/json" "${API}${path}" "$@"
}

get() {
  call GET "$1"
}

post_body() {
  local path=$1
  curl -sS -H 'Content-Type: application/json' --data @- "$API/$path"
}

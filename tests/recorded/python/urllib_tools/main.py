import os
import urllib.error
import urllib.request
from urllib.parse import urlencode, quote

from wire import ROOT, Raw, ask


def blasts():
    made = ask("api/v2/blasts", {"site": "s-1"}, "POST")
    ask("/api/v2/blasts/" + quote(made["id"]))
    ask(f"/api/v2/blasts/{made['id']}/cancel", {}, method="POST")
    query = urlencode({"site": "s-1", "limit": 5})
    ask("/api/v2/blasts?" + query)


def reports():
    year, month = 2026, 11
    ask("/api/v2/reports/%d/%02d" % (year, month))
    ask("/api/v2/reports/{year}/{month}".format(year=year, month=month - 1))
    ask("/api/v2/reports/summary")
    body = b'{"year": 2026}'
    with urllib.request.urlopen(ROOT + "api/v2/reports/export", data=body) as reply:
        reply.read()


def raw():
    wire = Raw(os.environ["QUARRY_HOST"])
    wire("GET", "/api/v2/version")
    wire("DELETE", "/api/v1/legacy/blocks/7")
    wire.connection.request("GET", "/api/v1/legacy/blocks")
    wire.connection.getresponse().read()


def blocks():
    base = ROOT.rstrip("/") + "/api/v1/legacy"
    request = urllib.request.Request(f"{base}/blocks/9")
    try:
        urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as error:
        print("failed: /api/v1/legacy/blocks", error)
    request = urllib.request.Request(base + "/blocks", data=b"{}")
    urllib.request.urlopen(request).read()
    put = urllib.request.Request(ROOT + "api/v2/alerts/a-1/mute", method="PUT", data=b"{}")
    urllib.request.urlopen(put).read()


blasts()
reports()
raw()
blocks()

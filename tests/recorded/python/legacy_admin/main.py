#!/usr/bin/env python
import json

from session import QuarrySession, api
from settings import Config

session = QuarrySession()


def site_url(site, tail=""):
    return "%s/sites/%s%s" % (Config.API_PATH, site, tail)


def manage(site, mode):
    url = site_url(site)
    method = "PATCH" if mode == "part" else "PUT"
    session.request(method, url, data=json.dumps({"mode": mode}))


def main():
    session.get(api("/sites"))
    session.post(api("/sites"), json={})
    manage("s-1", "part")
    manage("s-2", "whole")
    session.get(site_url("s-1", "/inventory"))
    session.get(site_url("s-1", tail="/drills"))
    session.delete(site_url("s-1"))
    path = api("/users")
    path = path + "/" + "u-1"
    session.get(path)
    session.delete(path)
    kind = "legacy_blocks"
    session.get("/api/v1/" + kind.replace("_", "/"))
    session.get(
        "/api/v1"
        "/legacy/blocks"
        "/77"
    )
    options = {"params": {"site": "s-1"}}
    session.get(api("/alerts"), **options)
    for index in range(1, 3):
        session.put(api("/alerts/%d/mute" % index))
    verb = session.post
    verb(api("/shifts"), json={"crew": "c"})


main()

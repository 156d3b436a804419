"""Tables of endpoints, closures and loops."""
import functools
import os

import httpx

ENDPOINTS = {
    "crews": {"path": "/api/v2/crews", "method": "GET"},
    "new_crew": {"path": "/api/v2/crews", "method": "POST"},
    "ack": {"path": "/api/v2/alerts/{alert}/ack", "method": "POST"},
}
PROBES = ["/api/v2/health", "/api/v2/version"]
CLEANUP = [
    ("DELETE", "/api/v2/shifts/s-9"),
    ("POST", "/api/v2/exports/none"),
]
client = httpx.Client(base_url=os.environ["QUARRY_URL"])


def invoke(name, **values):
    endpoint = ENDPOINTS[name]
    url = endpoint["path"].format(**values)
    return client.request(endpoint["method"], url).json()


def collection(kind):
    def items():
        return client.get(f"/api/v2/{kind}").json()["items"]

    return items


def with_retry(times=2):
    def decorate(function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            for _ in range(times):
                try:
                    return function(*args, **kwargs)
                except httpx.HTTPError:
                    continue
        return wrapped
    return decorate


@with_retry(times=3)
def alerts(state):
    return client.get("/api/v2/alerts", params={"state": state})


class Resource:
    def __init__(self, path):
        self.path = path

    def all(self):
        return client.get(self.path)

    def one(self, ident):
        return client.get(f"{self.path}/{ident}")

    def remove(self, ident):
        return client.delete(self.path + f"/{ident}")


permits = Resource("/api/v2/permits")
users = Resource("/api/v2/users")
send = functools.partial(client.post, "/api/v2/sites/s-1/drills")


def main():
    invoke("crews")
    invoke("new_crew")
    invoke("ack", alert="a-1")
    for probe in PROBES:
        client.get(probe)
    client.request(*CLEANUP[0])
    for what in collection("sites")():
        print(what)
    alerts("open")
    permits.one("p-1")
    permits.all()
    users.remove("u-1")
    send(json={"name": "d"})
    quick = lambda ident: client.put("/api/v2/crews/" + ident, json={})
    quick("c-1")
    drills = [client.get(f"/api/v2/sites/s-1/drills/{number}") for number in range(2)]
    print(len(drills))
    for count in (1, 9):
        action = "start" if count > 5 else "stop"
        client.post(f"/api/v2/sites/s-1/drills/1/{action}")
        client.post("/api/v2/sites/s-1/drills/1/" + ("start" if count < 5 else "stop"))


main()

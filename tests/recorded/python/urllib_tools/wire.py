import http.client
import json
import os
from urllib.parse import quote, urlencode, urljoin
from urllib.request import Request, urlopen

ROOT = os.environ.get("QUARRY_URL") + "/"


def ask(path, data=None, method=None):
    url = urljoin(ROOT, path)
    body = json.dumps(data).encode() if data is not None else None
    request = Request(url, data=body, headers={"Content-Type": "application/json"}, method=method)
    with urlopen(request) as reply:
        return json.load(reply)


class Raw:
    def __init__(self, host):
        self.connection = http.client.HTTPConnection(host, timeout=5)

    def __call__(self, verb, target):
        self.connection.request(verb, target)
        answer = self.connection.getresponse()
        return answer.read()

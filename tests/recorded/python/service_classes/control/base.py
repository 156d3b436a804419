import os
from abc import ABC
from typing import Any, Optional

import requests


class Transport:
    def __init__(self, base_url: Optional[str] = None, version: str = "v2") -> None:
        self.base_url = base_url or os.environ["QUARRY_URL"]
        self.version = version
        self._session = requests.Session()
        self._session.headers["Accept"] = "application/json"

    def request(self, method: str, path: str, *, json: Any = None, params: Optional[dict] = None) -> Any:
        url = f"{self.base_url}/api/{self.version}/{path.lstrip('/')}"
        response = self._session.request(method=method, url=url, json=json, params=params)
        response.raise_for_status()
        return response.json() if method != "HEAD" else None


class Manager(ABC):
    path = ""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _url(self, *parts: str) -> str:
        return "/".join([self.path, *parts])

    def _get(self, path, **params):
        return self._transport.request("GET", path, params=params)

    def _post(self, path, body=None):
        return self._transport.request("POST", path, json=body)

    def _delete(self, path):
        return self._transport.request("DELETE", path)

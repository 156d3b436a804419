import os
import requests
from enum import Enum


class Verb(str, Enum):
    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    DELETE = "DELETE"


class HttpBackend:
    API = "api/v2"

    def __init__(self, root=None):
        self.root = root or os.environ["QUARRY_URL"]

    def build_url(self, *segments):
        return "/".join([self.root, self.API] + [str(segment) for segment in segments])

    def perform(self, verb, *segments, query=None, body=None):
        url = self.build_url(*segments)
        response = requests.request(verb.value, url, params=query, json=body)
        return response.json()

    def fetch(self, path, query=None):
        return requests.get(self.root + "/" + self.API + "/" + path, params=query).json()

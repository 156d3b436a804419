import requests

from settings import config


class QuarrySession(requests.Session):
    """A session whose URLs are relative to the server."""

    def __init__(self, prefix=config.SERVER):
        super().__init__()
        self.prefix = prefix

    def request(self, method, url, *args, **kwargs):
        return super().request(method, self.prefix + url, *args, **kwargs)


def api(path):
    return config.API_PATH + path

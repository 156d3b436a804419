import logging
import requests

log = logging.getLogger(__name__)
TIMEOUT = 10


def _send(verb, url, payload=None, **query):
    log.info("calling %s /api/v2/alerts for %s", verb, url)
    response = requests.request(verb, url, json=payload, params=query or None, timeout=TIMEOUT)
    response.raise_for_status()
    return response


def get_json(url, **query):
    return _send("GET", url, **query).json()


def post_json(url, payload=None):
    return _send("POST", url, payload).json()


def delete(url):
    _send("DELETE", url)

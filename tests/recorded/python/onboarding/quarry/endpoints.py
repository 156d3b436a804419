import os

HOST = os.getenv("QUARRY_URL", "http://quarry.example").rstrip("/")
API = f"{HOST}/api/v2"
SITES = API + "/sites"
CREWS = "{}/crews".format(API)
PERMIT_DOCUMENTS = "%s/permits/%%s/documents" % API
LOGIN = "/".join([API, "login"])


def site(site_id):
    return f"{SITES}/{site_id}"


def drill(site_id, drill_id, action=None):
    url = site(site_id) + "/drills/" + str(drill_id)
    if action:
        url += f"/{action}"
    return url

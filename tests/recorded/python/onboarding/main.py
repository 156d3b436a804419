"""Sets up a new site: GET /api/v2/shifts is only mentioned here."""
import requests

from quarry import CREWS, SITES, delete, get_json, post_json
from quarry import endpoints
from quarry.endpoints import LOGIN, PERMIT_DOCUMENTS, drill, site

ROLES = ("viewer", "planner")


def login():
    reply = requests.post(LOGIN, json={"user": "ops", "password": "x"})
    return reply.json()["token"]


def users(token):
    headers = {"Authorization": f"Bearer {token}"}
    known = requests.get(f"{endpoints.API}/users", headers=headers).json()["items"]
    for user in known:
        for role in ROLES:
            requests.put(
                f"{endpoints.API}/users/{user['id']}/roles/{role}",
                headers=headers,
            )
    requests.delete(endpoints.API + "/users/" + known[0]["id"] + "/roles/planner", headers=headers)
    requests.post(url=f"{endpoints.API}/users", headers=headers, json={"name": "new"})


def sites():
    made = post_json(SITES, {"name": "north"})
    for entry in get_json(SITES, state="open")["items"]:
        print("site", entry["id"], "see /api/v2/blasts")
    requests.put(site(made["id"]), json={"name": "north-1"})
    requests.patch(site(made["id"]), json={"name": "north-2"})
    get_json(site(made["id"]))
    get_json(f"{site(made['id'])}/inventory?unit=t")
    first = post_json(site(made["id"]) + "/drills", {"name": "d1"})
    post_json(drill(made["id"], first["id"], "start"))
    post_json(drill(made["id"], first["id"], action="stop"))
    delete(drill(made["id"], first["id"]))
    return made["id"]


def crews():
    crew = post_json(CREWS, {"name": "night"})
    members = CREWS + "/" + crew["id"] + "/members"
    post_json(members, {"user": "u1"})
    for member in get_json(members)["items"]:
        delete(f"{members}/{member['id']}")


def documents():
    url = PERMIT_DOCUMENTS % "p-1"
    requests.get(url)
    with requests.Session() as session:
        session.post(url, files={"file": b"x"})
        session.delete(url + "/d-1")


def main():
    token = login()
    users(token)
    made = sites()
    crews()
    documents()
    delete(site(made))
    requests.delete(LOGIN)
    requests.get("http://weather.example/api/v2/sites")


if __name__ == "__main__":
    main()

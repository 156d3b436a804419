"""Runs sunwatch against real frameworks and documentation viewers on this machine. See README.md.

    python run.py --sunwatch ../../target/debug/sunwatch --npm FOLDER_WITH_node_modules
"""

import argparse
import contextlib
import functools
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SHIPS = {"GET /ships", "GET /ships/{ship}"}
FAILURES = []


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def served(command, **environment):
    """Runs a server that takes its port as the last argument, until it answers."""
    port = free_port()
    process = subprocess.Popen([*command, str(port)], env={**os.environ, **environment},
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise SystemExit(f"{command} ended: {process.stderr.read()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def files(folder):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def check(what, holds, told=""):
    print(("ok    " if holds else "FAILED") + f" {what}", flush=True)
    if not holds:
        FAILURES.append(what)
        print("       " + told.strip().replace("\n", "\n       "))


class Tool:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, *args, **environment):
        clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        return subprocess.run([self.program, "--no-cache", "--color", "never", *args], cwd=self.folder, text=True,
                              env={**clean, **environment}, capture_output=True, timeout=120)

    def pulls(self, what, address, operations=SHIPS, document=None):
        """`pull` must find exactly these operations, at `document` if that is given."""
        ran = self.run("pull", address, "--format", "json", "-v")
        told = ran.stderr
        if ran.returncode:
            return check(what, False, told)
        report = json.loads(ran.stdout)["documents"][0]
        text = self.run("pull", address).stdout
        (self.folder / "pulled").write_text(text)
        ledger = json.loads(self.run("history", "1.0=pulled", "--format", "json").stdout)
        found = {"{method} {path}".format(**one["operation"]) for one in ledger["items"] if one["kind"] == "operation"}
        told += f"\nfound {sorted(found)} at {report['url']}"
        check(what, found == set(operations) and (document is None or report["url"] == document), told)


def python(tool):
    def app(name, **environment):
        return served([sys.executable, str(HERE / "apps.py"), name], **environment)

    everything = SHIPS | {"POST /ships/{ship}/paint"}
    with app("fastapi") as at:
        for path in ["", "/", "/docs", "/redoc", "/openapi.json"]:
            tool.pulls(f"FastAPI {path}", at + path, everything, at + "/openapi.json")
    with app("fastapi-prefix") as at:
        for path in ["/api/v2/ui", "/api/v2/re"]:
            tool.pulls(f"FastAPI elsewhere {path}", at + path, document=at + "/api/v2/spec.json")
    with app("litestar") as at:
        for path in ["/schema", "/schema/swagger", "/schema/redoc", "/schema/scalar", "/schema/rapidoc", "/schema/elements"]:
            tool.pulls(f"Litestar {path}", at + path)
    with app("django") as at:
        for path in ["/api/schema/", "/api/docs/", "/api/redoc/", "/api/split/"]:
            tool.pulls(f"drf-spectacular {path}", at + path, document=at + "/api/schema/" if path != "/api/split/" else None)
        for below in ["/ninja", "/ninja-redoc"]:
            expected = {one.replace(" /", f" {below}/") for one in SHIPS}
            tool.pulls(f"django-ninja {below}/docs", at + below + "/docs", expected, at + below + "/openapi.json")
    with app("flask") as at:
        for path in ["/doc/swagger", "/doc/redoc", "/doc/rapidoc"]:
            tool.pulls(f"flask-smorest {path}", at + path, document=at + "/doc/openapi.json")
    with app("drf-yasg") as at:
        for path in ["/swagger/", "/redoc/", "/"]:
            tool.pulls(f"drf-yasg {path}", at + path)
    with app("flasgger") as at:
        for path in ["/apidocs/", "/"]:
            tool.pulls(f"flasgger {path}", at + path, document=at + "/apispec_1.json")
    for ui in ["swagger-ui", "redoc", "elements", "rapidoc", "rapipdf"]:
        with app(f"apiflask-{ui}") as at:
            tool.pulls(f"APIFlask {ui}", at + "/docs", document=at + "/openapi.json")
    with app("connexion") as at:
        for path in ["/v1/ui/", "/v1", "/v1/openapi.json"]:
            tool.pulls(f"connexion {path}", at + path)
    with app("sanic") as at:
        for path in ["/docs", "/docs/swagger", "/docs/redoc", "/"]:
            tool.pulls(f"sanic-ext {path}", at + path, document=at + "/docs/openapi.json")


def node(tool, npm):
    def app(name):
        return served(["node", str(HERE / "apps.cjs"), name], NODE_PATH=str(npm / "node_modules"))

    with app("express") as at:
        for path in ["/embedded/", "/linked/", "/listed/", "/scalar", "/scalar-embedded", "/redoc"]:
            tool.pulls(f"Express {path}", at + path)
    with app("koa") as at:
        for path in ["/embedded", "/linked"]:
            tool.pulls(f"Koa {path}", at + path)
    with app("hono") as at:
        for path in ["/ui", "/listed", "/scalar"]:
            tool.pulls(f"Hono {path}", at + path, document=at + "/spec")
    with app("fastify") as at:
        for path in ["/docs", "/docs/", ""]:
            tool.pulls(f"Fastify {path}", at + path, document=at + "/docs/json")


PAGE = "<!doctype html><html><head><title>Docs</title><meta charset=utf-8></head><body>{}</body></html>"


def pages(tool, npm):
    """Packages as they are shipped, with the pages of their own instructions."""
    modules = npm / "node_modules"
    folder = tool.folder / "site"
    folder.mkdir()
    document = json.dumps({
        "openapi": "3.0.3", "info": {"title": "Harbour", "version": "1.0"},
        "paths": {"/ships": {"get": {"responses": {"200": {"description": "all </script> <!-- of them"}}}},
                  "/ships/{ship}": {"get": {"parameters": [{"name": "ship", "in": "path", "required": True,
                                                            "schema": {"type": "integer"}}],
                                            "responses": {"200": {"description": "one"}}}}}})
    (folder / "spec").mkdir()
    (folder / "spec" / "harbour.json").write_text(document)

    shipped = modules / "swagger-ui-dist"
    petstore = "https://petstore.swagger.io/v2/swagger.json"
    for name, option in [("swagger-url", 'url: "../spec/harbour.json"'),
                         ("swagger-urls", 'urls: [{url: "/spec/harbour.json", name: "Harbour"}]'),
                         ("swagger-config", 'configUrl: "swagger-config.json"'),
                         ("swagger-spec", f"spec: {document}")]:
        shutil.copytree(shipped, folder / name, ignore=shutil.ignore_patterns("*.map", "*.es*", "package.json"))
        initializer = folder / name / "swagger-initializer.js"
        text = initializer.read_text()
        assert f'url: "{petstore}"' in text
        initializer.write_text(text.replace(f'url: "{petstore}"', option))
        (folder / name / "swagger-config.json").write_text('{"url": "/spec/harbour.json"}')

    shutil.copy(modules / "redoc/bundles/redoc.standalone.js", folder)
    shutil.copy(modules / "@scalar/api-reference/dist/browser/standalone.js", folder / "scalar.js")
    shutil.copy(modules / "rapidoc/dist/rapidoc-min.js", folder)
    shutil.copy(modules / "@stoplight/elements/web-components.min.js", folder)
    bodies = {
        "redoc-element": "<redoc spec-url='spec/harbour.json'></redoc><script src='redoc.standalone.js'></script>",
        "redoc-init": "<div id='c'></div><script src='redoc.standalone.js'></script><script>"
                      "Redoc.init('spec/harbour.json', {scrollYOffset: 50}, document.getElementById('c'))</script>",
        "scalar-call": "<div id='app'></div><script src='scalar.js'></script><script>"
                       "Scalar.createApiReference('#app', {url: '/spec/harbour.json', proxyUrl: 'https://proxy.example'})</script>",
        "scalar-element": "<script id='api-reference' data-url='/spec/harbour.json'></script><script src='scalar.js'></script>",
        "scalar-sources": "<div id='app'></div><script src='scalar.js'></script><script>Scalar.createApiReference('#app', "
                          "{sources: [{url: '/spec/harbour.json', title: 'Harbour'}]})</script>",
        "rapidoc": "<script type='module' src='rapidoc-min.js'></script><rapi-doc spec-url='spec/harbour.json'></rapi-doc>",
        "elements": "<script src='web-components.min.js'></script><elements-api apiDescriptionUrl='spec/harbour.json' router='hash'/>",
    }
    for name, body in bodies.items():
        (folder / f"{name}.html").write_text(PAGE.format(body))
    subprocess.run(["node", str(modules / ".bin/redocly"), "build-docs", str(folder / "spec/harbour.json"),
                    "-o", str(folder / "redocly.html")], check=True, capture_output=True, cwd=tool.folder,
                   env={**os.environ, "REDOCLY_TELEMETRY": "off", "CI": "true"})
    with files(folder) as at:
        for name in ["swagger-url", "swagger-urls", "swagger-config", "swagger-spec"]:
            tool.pulls(f"swagger-ui-dist {name}", f"{at}/{name}/",
                       document=None if name == "swagger-spec" else at + "/spec/harbour.json")
        for name in bodies:
            tool.pulls(name, f"{at}/{name}.html", document=at + "/spec/harbour.json")
        tool.pulls("redocly build-docs", f"{at}/redocly.html")


def new_user(tool, npm):
    """`upgrade` as somebody types it for the first time."""
    clients = tool.folder / "clients"
    clients.mkdir()
    (clients / "paint.py").write_text(
        "import requests\n\nBASE = 'http://localhost:8000'\n\n\ndef paint(ship):\n"
        "    requests.post(f'{BASE}/ships/{ship}/paint', params={'colour': 'red'})\n\n\n"
        "def ships():\n    return requests.get(f'{BASE}/ships')\n")
    app = [sys.executable, str(HERE / "apps.py"), "fastapi"]

    # The new release is a Swagger UI with the document that FastAPI made, kept in files.
    site = tool.folder / "new-site"
    shutil.copytree(npm / "node_modules/swagger-ui-dist", site / "docs", ignore=shutil.ignore_patterns("*.map", "*.es*"))
    initializer = site / "docs" / "swagger-initializer.js"
    initializer.write_text(initializer.read_text().replace("https://petstore.swagger.io/v2/swagger.json", "/v1/api.json"))
    with served(app, LIVE_RELEASE="new") as at, urllib.request.urlopen(at + "/openapi.json") as answer:
        (site / "v1").mkdir()
        (site / "v1" / "api.json").write_bytes(answer.read())

    with served(app) as old, files(site) as new:
        ran = tool.run("upgrade", "--from", old, "--to", new + "/docs/", "clients/")
        told = f"{ran.returncode}\n{ran.stdout}\n{ran.stderr}"
        check("upgrade from FastAPI to Swagger UI", ran.returncode == 1 and "clients/paint.py:7" in ran.stdout
              and "/ships/{ship}/paint" in ran.stdout and "paint.py:11" not in ran.stdout.split("error")[-1], told)
        ran = tool.run("upgrade", "--from", old, "--to", old, "clients/")
        check("upgrade to the same", ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}")
        ran = tool.run("upgrade", "--from", old, "--to", new + "/v1/", "clients/")
        check("upgrade to a place without a document", ran.returncode == 2 and "/openapi.json" in ran.stderr
              and "404" in ran.stderr, ran.stderr)

    secret = "s3cr3t-of-the-harbour"
    with served(app, LIVE_SECRET=secret) as old, served(app, LIVE_RELEASE="new", LIVE_SECRET=secret) as new:
        ran = tool.run("upgrade", "--from", old, "--to", new, "clients/")
        check("closed: without credentials it says how to give them", ran.returncode == 2 and "401" in ran.stderr
              and "[source." in ran.stderr, ran.stderr)
        source = "\n[source.{}]\nurl = \"{}\"\nauth = \"run-ai\"\nclient-id-env = \"HARBOUR_ID\"\n" \
                 "client-secret-env = \"HARBOUR_SECRET\"\nversion-path = \"/api/version\"\nversion-pointer = \"/version\"\n"
        (tool.folder / "policy.toml").write_text("[window.self-hosted]\nreleases = 2\n"
                                                 + source.format("old", old) + source.format("new", new))
        trial = functools.partial(tool.run, "upgrade", "--from", "old", "--to", "new", "clients/", "-v")
        ran = trial(HARBOUR_ID="the-client", HARBOUR_SECRET=secret)
        told = f"{ran.returncode}\n{ran.stdout}\n{ran.stderr}"
        check("closed: with the right secret", ran.returncode == 1 and "clients/paint.py:7" in ran.stdout
              and "1.1.7" in ran.stdout and "1.2.0" in ran.stdout, told)
        check("closed: nothing leaks", not any(word in told for word in [secret, "token-0a1b2c3d4e5f"]), told)
        wrong = "wr0ng-harbour"
        ran = trial(HARBOUR_ID="the-client", HARBOUR_SECRET=wrong)
        told = f"{ran.returncode}\n{ran.stdout}\n{ran.stderr}"
        check("closed: a wrong secret says what to fix", ran.returncode == 2 and "HARBOUR_SECRET" in ran.stderr
              and "401" in ran.stderr and "unknown client" in ran.stderr and wrong not in told, told)
        ran = trial(HARBOUR_ID="the-client")
        check("closed: a missing secret is named", ran.returncode == 2 and "HARBOUR_SECRET is not set" in ran.stderr, ran.stderr)
        (tool.folder / "policy.toml").unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sunwatch", required=True, type=pathlib.Path)
    parser.add_argument("--npm", required=True, type=pathlib.Path, help="the folder in which `npm install` was run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tool = Tool(options.sunwatch.resolve(), pathlib.Path(folder))
        npm = options.npm.resolve()
        python(tool)
        node(tool, npm)
        pages(tool, npm)
        new_user(tool, npm)
    if FAILURES:
        raise SystemExit(f"{len(FAILURES)} failed")
    print("all hold")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Runs the programs of this folder against a server that writes down what is asked of it.

    record.py [--python PYTHON] [--node NODE] [PROGRAM...]

Writes recording.tsv: program, method, path, host, the places in the program from which the request was made, nearest
first, and the names in its query and the places of its JSON body. The server listens on 127.0.0.1 and is also the proxy of the programs, so that a host name in a program ends
here as well.
"""
import argparse
import collections
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ANSWER = {
    "id": "id-7", "token": "t0ken", "name": "north", "state": "open", "status": "ready", "next": None, "total": 2,
    "items": [{"id": "id-1", "name": "a", "state": "open"}, {"id": "id-2", "name": "b", "state": "closed"}],
}
seen = []


def places(text, headers):
    """The places of a body that is JSON, `spec.ports[].host`, or the names of a form."""
    if "form-urlencoded" in (headers.get("Content-Type") or "") and not text.startswith((b"{", b"[")):
        return {name for name, _ in urllib.parse.parse_qsl(text.decode("utf-8", "replace"))}
    try:
        body = json.loads(text)
    except ValueError:
        return set()
    out = set()

    def walk(value, at):
        if isinstance(value, dict):
            for key, inner in value.items():
                below = f"{at}.{key}" if at else key
                out.add(below)
                walk(inner, below)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, at + "[]")

    walk(body, "")
    return out


class Recorder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        text = b""
        if self.headers.get("Transfer-Encoding") == "chunked":
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                text += self.rfile.read(size + 2)[:size]
                if size == 0:
                    break
        elif length:
            text = self.rfile.read(length)
        split = urllib.parse.urlsplit(self.path)
        host = split.hostname or (self.headers.get("Host") or "").split(":")[0]
        frames = self.headers.get("X-Frames", "").split(";") + self.headers.get("X-Made", "").split(";")
        frames = ";".join(dict.fromkeys(frame for frame in frames if frame))
        query = {"?" + name for name, _ in urllib.parse.parse_qsl(split.query, keep_blank_values=True)}
        seen.append((self.command, split.path, host, frames, ";".join(sorted(query) + sorted(places(text, self.headers)))))
        body = b"" if self.command == "HEAD" else json.dumps(ANSWER).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer

    def log_message(self, *args):
        pass


def command(program, options):
    if (program / "main.py").exists():
        return [options.python, "main.py"], {"PYTHONPATH": str(HERE / "hooks"), "PYTHONDONTWRITEBYTECODE": "1"}
    for main in ("main.js", "main.mjs"):
        if (program / main).exists():
            return [options.node, "--require", str(HERE / "hooks/frames.cjs"), main], {"NODE_PATH": options.node_path}
    return ["bash", "main.sh"], {"BASH_ENV": str(HERE / "hooks/frames.sh")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--node", default="node")
    parser.add_argument("--node-path", default="", help="folder with axios and what else the programs import")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    programs = sorted(path for kind in ("python", "node", "shell") for path in (HERE / kind).iterdir() if path.is_dir())
    rows, failed = [], False
    for program in programs:
        name = program.relative_to(HERE).as_posix()
        if options.programs and name not in options.programs:
            continue
        argv, extra = command(program, options)
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "QUARRY_URL": url, "RECORDER": url,
               "QUARRY_HOST": f"127.0.0.1:{server.server_port}", "http_proxy": url, "HTTP_PROXY": url,
               "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1", "PROGRAM": str(program), **extra}
        seen.clear()
        done = subprocess.run(argv, cwd=program, env=env, timeout=120, capture_output=True, text=True)
        if done.returncode:
            failed = True
            print(f"{name}: exit {done.returncode}\n{done.stdout}{done.stderr}", file=sys.stderr)
        found = collections.Counter()
        for method, path, host, frames, fields in seen:
            if not frames:
                print(f"{name}: {method} {path} without a place", file=sys.stderr)
            found[(name, method, path, host if host != "127.0.0.1" else "-", frames, fields)] += 1
        rows += sorted(found)
        print(f"{name}: {len(found)} requests")
    server.shutdown()
    if not options.programs:
        text = "".join("\t".join(row) + "\n" for row in rows)
        (HERE / "recording.tsv").write_text(text)
    sys.exit(failed)


main()

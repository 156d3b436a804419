// Adds to every request a header that says from which lines of the program it comes.
const http = require("http");
const path = require("path");
const { fileURLToPath } = require("url");

const program = process.env.PROGRAM;
Error.stackTraceLimit = 100;

function frames() {
  const out = [];
  for (const line of new Error().stack.split("\n")) {
    const match = /\(?((?:file:\/\/)?\/[^()]*?):(\d+):\d+\)?$/.exec(line.trim());
    if (!match) continue;
    const file = match[1].startsWith("file:") ? fileURLToPath(match[1]) : match[1];
    if (file.startsWith(program + path.sep) && !file.includes("node_modules")) {
      out.push(`${path.relative(program, file)}:${match[2]}`);
    }
  }
  return out.join(";");
}

// Libraries start a request some turns of the event loop later: the place is
// taken when they are called.
const { AsyncLocalStorage } = require("async_hooks");
const calling = new AsyncLocalStorage();

const request = http.request;
http.request = function (...args) {
  const made = request.apply(this, args);
  const known = frames() || calling.getStore() || "";
  if (!made.headersSent) made.setHeader("X-Frames", known);
  return made;
};
http.get = function (...args) {
  const made = http.request(...args);
  made.end();
  return made;
};

// A request object is made before it is sent.
globalThis.Request = class extends Request {
  constructor(...args) {
    super(...args);
    this.made = frames();
  }
};

const plain = globalThis.fetch;
globalThis.fetch = function (url, options = {}) {
  const headers = new Headers(options.headers || (url instanceof Request ? url.headers : undefined));
  headers.set("X-Frames", frames());
  if (url instanceof Request) headers.set("X-Made", url.made);
  return plain(url, { ...options, headers });
};

// axios calls its adapter after a promise.
const Module = require("module");
const load = Module._load;
Module._load = function (name, ...rest) {
  const loaded = load.call(this, name, ...rest);
  if (name === "axios" && !loaded.__framed) {
    loaded.__framed = true;
    const prototype = loaded.Axios.prototype;
    const original = prototype.request;
    prototype.request = function (...args) {
      return calling.run(frames() || calling.getStore(), () => original.apply(this, args));
    };
    for (const verb of ["get", "delete", "head", "options", "post", "put", "patch"]) {
      const inner = prototype[verb];
      prototype[verb] = function (...args) {
        return calling.run(frames(), () => inner.apply(this, args));
      };
    }
  }
  return loaded;
};

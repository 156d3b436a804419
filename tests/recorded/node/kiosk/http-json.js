const http = require("http");

const [hostname, port] = process.env.QUARRY_HOST.split(":");

function send(options, body) {
  return new Promise((resolve, reject) => {
    const req = http.request({ hostname, port, ...options }, (res) => {
      let text = "";
      res.on("data", (part) => (text += part));
      res.on("end", () => resolve(JSON.parse(text || "null")));
    });
    req.on("error", reject);
    if (body) req.write(JSON.stringify(body));
    req.end();
  });
}

class RequestBuilder {
  constructor() {
    this.segments = ["api", "v2"];
    this.method = "GET";
  }

  static to(...segments) {
    const builder = new RequestBuilder();
    builder.segments.push(...segments);
    return builder;
  }

  using(method) {
    this.method = method;
    return this;
  }

  run(body) {
    return send({ path: "/" + this.segments.join("/"), method: this.method }, body);
  }
}

module.exports = { send, RequestBuilder };

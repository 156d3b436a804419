// The API of these tests in frameworks of Node. `node apps.cjs NAME PORT` serves it.
const [name, port] = process.argv.slice(2);
const document = {
  openapi: "3.0.3",
  info: { title: "Harbour", version: "1.0" },
  paths: {
    "/ships": { get: { responses: { 200: { description: "all </script> of them" } } } },
    "/ships/{ship}": {
      get: {
        parameters: [{ name: "ship", in: "path", required: true, schema: { type: "integer" } }],
        responses: { 200: { description: "one" } },
      },
    },
  },
};
// NODE_PATH is nothing to modules of the newer kind.
const imported = (file) =>
  import(require("url").pathToFileURL(require("path").join(process.env.NODE_PATH, file)).href);

// For those that put it into the page as it is, where the end of a script would be one.
const tame = JSON.parse(JSON.stringify(document).replace("</script>", ""));

async function main() {
  if (name === "express") {
    const app = require("express")();
    const ui = require("swagger-ui-express");
    const { apiReference } = require("@scalar/express-api-reference");
    app.get("/spec", (_, answer) => answer.json(document));
    app.use("/embedded", ui.serve, ui.setup(document));
    app.use("/linked", ui.serve, ui.setup(null, { swaggerOptions: { url: "/spec" } }));
    app.use("/listed", ui.serve, ui.setup(null, {
      explorer: true, swaggerOptions: { urls: [{ url: "/spec", name: "Harbour" }] },
    }));
    app.use("/scalar", apiReference({ url: "/spec" }));
    app.use("/scalar-embedded", apiReference({ content: tame }));
    app.listen(port, "127.0.0.1");
    const redoc = require("redoc-express");
    app.get("/redoc", (redoc.default ?? redoc)({ title: "Harbour", specUrl: "/spec" }));
  } else if (name === "koa") {
    const Koa = require("koa");
    const { koaSwagger } = require("koa2-swagger-ui");
    const app = new Koa();
    app.use(koaSwagger({ routePrefix: "/linked", swaggerOptions: { url: "/spec" } }));
    app.use(koaSwagger({ routePrefix: "/embedded", swaggerOptions: { spec: tame } }));
    app.use((context) => { if (context.path === "/spec") context.body = document; });
    app.listen(port, "127.0.0.1");
  } else if (name === "hono") {
    const { Hono } = require("hono");
    const { serve } = require("@hono/node-server");
    const { swaggerUI } = require("@hono/swagger-ui");
    const { Scalar } = await imported("@scalar/hono-api-reference/dist/index.js");
    const app = new Hono();
    app.get("/spec", (context) => context.json(document));
    app.get("/ui", swaggerUI({ url: "/spec" }));
    app.get("/listed", swaggerUI({ urls: [{ url: "/spec", name: "Harbour" }] }));
    app.get("/scalar", Scalar({ url: "/spec" }));
    serve({ fetch: app.fetch, port: Number(port), hostname: "127.0.0.1" });
  } else if (name === "fastify") {
    const app = require("fastify")();
    await app.register(require("@fastify/swagger"), { openapi: { info: document.info } });
    await app.register(require("@fastify/swagger-ui"), { routePrefix: "/docs" });
    app.get("/ships", { schema: {} }, async () => []);
    app.get("/ships/:ship", { schema: { params: { type: "object", properties: { ship: { type: "integer" } } } } },
      async () => ({}));
    await app.listen({ port: Number(port), host: "127.0.0.1" });
  }
}
main();

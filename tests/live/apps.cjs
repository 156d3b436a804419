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
    // Scalar puts it into the page as it is, where the end of a script would be one.
    const tame = JSON.parse(JSON.stringify(document).replace("</script>", ""));
    app.use("/scalar-embedded", apiReference({ content: tame }));
    app.listen(port, "127.0.0.1");
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

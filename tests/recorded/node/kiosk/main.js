const { send } = require("./http-json");

const ACTIONS = {
  cancelBlast: (id) => ["POST", `/api/v2/blasts/${id}/cancel`],
};

function exporting(id, what) {
  const path = `/api/v2/exports/${id}` + (what ? `/${what}` : "");
  return send({ path, method: "GET" });
}

async function main() {
  await send({ path: "/api/v2/version" });
  await send({ method: "POST", path: "/api/v2/reports/export" }, { year: 2026 });
  await exporting("e-1");
  await exporting("e-1", "download");
  const [method, path] = ACTIONS.cancelBlast("b-1");
  await send({ method, path });
  const target = { path: "/api/v2/users/u-1/roles/planner" };
  target.method = "DELETE";
  await send(target);
}

main();

import * as sites from "./src/sites.js";
import { enums, getJson, routes } from "./src/api/index.js";
import sitesApi from "./src/sites.js";

const base = process.env.QUARRY_URL;

await sites.loadSites("open");
await sites.addDrill("s-1", { name: "d" });
await sites.toggleDrill("s-1", "d-1", true);
await sites.toggleDrill("s-1", "d-1", false);
await sites.rename("s-1", "x");
await sitesApi.drop("s-1");
await getJson(routes.shift.current);
await getJson("/v2/" + enums.ALERTS);
await getJson(["", "v2", enums.CREWS, "c-1", "members"].join("/"));

const response = await fetch(`${base}/api/v2/users?limit=10`);
const { items } = await response.json();
for (const user of items) {
  await fetch(`${base}/api/v2/users/${user.id}`, { method: "DELETE" });
}
await fetch(new URL("/api/v2/login", base), { method: "POST", body: "{}" });
const request = new Request(`${base}/api/v2/blasts`, { method: "POST", body: "{}" });
await fetch(request);
const params = new URLSearchParams({ year: "2026" });
await fetch(base.concat("/api/v2/reports/summary?", params.toString()));

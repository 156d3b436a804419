const axios = require("axios");
const Client = require("./lib/client");
const { shared } = Client;
const { Permits } = require("./lib/services/permits");
const Crews = require("./lib/services/crews");

const api = axios.create({ baseURL: process.env.QUARRY_URL, proxy: false });

async function main() {
  const client = new Client({ token: "t" });
  const permits = new Permits(client);
  const crews = new Crews(client);
  await permits.find("p-1");
  await permits.create({ site: "s-1" });
  await permits.approve("p-1");
  await permits.documents("p-1");
  await permits.removeDocument("p-1", "d-1");
  await crews.find("c-1");
  await crews.create({});
  await crews.enlist("c-1", "u-1");
  await crews.disband("c-1");
  await shared().get("/health");
  await client.get("alerts", { state: "open" });
  await api.put(`/api/v2/alerts/${"a-1"}/mute`, { minutes: 5 });
  await api({ method: "post", url: "/api/v2/alerts/a-1/ack" });
  await api.delete("/api/v1/legacy/blocks/" + 7);
  const { data } = await api.get("/api/v2/shifts", { params: { crew: "c-1" } });
  for (const { id } of data.items) {
    await api.patch(`/api/v2/shifts/${id}`, { late: true });
  }
  await api.head("/api/v2/exports/e-1/download");
}

main().catch((error) => {
  console.error("cannot reach /api/v2/sites", error);
  process.exit(1);
});

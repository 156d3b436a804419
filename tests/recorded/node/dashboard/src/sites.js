import { api, getJson, postJson, remove as destroy, routes } from "./api/index.js";

export async function loadSites(state) {
  const { items } = await getJson(routes.sites, { state });
  return Promise.all(items.map(({ id }) => getJson(routes.site(id))));
}

export const addDrill = (siteId, drill) => postJson(routes.drills(siteId), drill);

export function toggleDrill(siteId, drillId, running) {
  const action = running ? "stop" : "start";
  return postJson(`${routes.drills(siteId)}/${drillId}/${action}`);
}

export async function rename(siteId, name) {
  return api(routes.site(siteId), {
    method: "PATCH",
    body: { name },
  });
}

export default {
  async drop(siteId) {
    await destroy(routes.site(siteId));
  },
};

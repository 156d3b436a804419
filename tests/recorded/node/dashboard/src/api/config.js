export const apiBase = `${process.env.QUARRY_URL ?? "http://quarry.example"}/api`;

export const routes = {
  sites: "/v2/sites",
  site: (id) => `/v2/sites/${encodeURIComponent(id)}`,
  drills: (siteId) => `${routes.site(siteId)}/drills`,
  shift: { current: "/v2/shifts/current" },
};

const enums = Object.freeze({ ALERTS: "alerts", CREWS: "crews" });
export default enums;

import { apiBase } from "./config.js";

async function handle(response) {
  if (!response.ok) throw new Error(`GET /api/v2/permits failed: ${response.status}`);
  return response.json();
}

export async function api(path, { method = "GET", body, query } = {}) {
  const url = new URL(apiBase + path);
  Object.entries(query ?? {}).forEach(([key, value]) => url.searchParams.set(key, value));
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return handle(response);
}

export const getJson = (path, query) => api(path, { query });
export const postJson = (path, body) => api(path, { method: "POST", body });
export const remove = (path) => api(path, { method: "DELETE" });

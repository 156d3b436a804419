export * from "./fetcher.js";
export { routes, default as enums } from "./config.js";

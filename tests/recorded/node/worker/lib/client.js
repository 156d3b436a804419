"use strict";
const axios = require("axios");

class QuarryClient {
  constructor({ baseURL = process.env.QUARRY_URL, token } = {}) {
    this.http = axios.create({
      baseURL: `${baseURL}/api/v2`,
      headers: { Authorization: `Bearer ${token}` },
      proxy: false,
    });
  }

  async get(path, params) {
    const { data } = await this.http.get(path, { params });
    return data;
  }

  async call(method, path, data) {
    const reply = await this.http.request({ method, url: path, data });
    return reply.data;
  }
}

let shared;

module.exports = QuarryClient;
module.exports.shared = () => (shared ??= new QuarryClient());

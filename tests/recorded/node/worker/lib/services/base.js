class Service {
  constructor(client) {
    this.client = client;
  }

  get resource() {
    throw new Error("no resource");
  }

  find(id) {
    return this.client.get(`${this.resource}/${id}`);
  }

  create(body) {
    return this.client.call("POST", this.resource, body);
  }
}

exports.Service = Service;

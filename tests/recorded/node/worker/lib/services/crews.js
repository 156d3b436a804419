const { Service } = require("./base");

module.exports = class Crews extends Service {
  get resource() {
    return "/crews";
  }

  disband(id) {
    return this.client.call("DELETE", this.resource + "/" + id);
  }

  async enlist(id, member) {
    await this.client.call("POST", `/crews/${id}/members`, { member });
  }
};

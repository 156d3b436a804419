const { Service } = require("./base");

const DOCUMENTS = "documents";

class Permits extends Service {
  get resource() {
    return "/permits";
  }

  async approve(id) {
    return this.client.call("post", `${this.resource}/${id}/approve`);
  }

  documents(id) {
    return this.client.get(`${this.resource}/${id}/${DOCUMENTS}`);
  }

  removeDocument(id, documentId) {
    const path = [this.resource, id, DOCUMENTS, documentId].join("/");
    return this.client.call("DELETE", path);
  }
}

module.exports = { Permits };

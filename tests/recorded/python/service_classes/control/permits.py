from .base import Manager

APPROVE = "approve"


class PermitManager(Manager):
    path = "/permits"

    @property
    def collection(self):
        return self.path

    def item(self, ident):
        return f"{self.collection}/{ident}"

    def list(self):
        return self._get(self.collection)

    def ask(self, site):
        return self._post(self.collection, {"site": site})

    def decide(self, ident, good):
        if good:
            verdict = APPROVE
        else:
            verdict = "reject"
        return self._post(f"/permits/{ident}/{verdict}")

    def show(self, ident):
        return self._get(self.item(ident))

    def withdraw(self, ident):
        self._delete(self.item(ident))

    def document(self, ident, document):
        return self._get(self.item(ident) + f"/documents/{document}")

from .base import Manager


class ShiftManager(Manager):
    path = "shifts"

    def list(self):
        return self._get(self.path)["items"]

    def current(self):
        return self._get(f"{self.path}/current")

    def get(self, ident):
        return self._get(self.path + "/" + ident)

    def open(self, crew):
        return self._post(self.path, {"crew": crew})

    def close(self, ident):
        return self._post(f"{self.path}/{ident}/close")

    def rename(self, ident, name):
        return self._transport.request("PATCH", f"{self.path}/{ident}", json={"name": name})

    def drop(self, ident):
        self._delete("%s/%s" % (self.path, ident))

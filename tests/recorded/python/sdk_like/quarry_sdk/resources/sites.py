from ..http import Verb
from .common import Collection


class Sites(Collection):
    name = "sites"

    def create(self, **fields):
        return self.backend.perform(Verb.POST, "sites", body=fields)

    def start(self, site, drill):
        return self.backend.perform(Verb.POST, "sites", site, "drills", drill, "start")

    def drill(self, site, drill):
        return self.backend.fetch(f"sites/{site}/drills/{drill}")

    def forget(self, site):
        return self.backend.perform(Verb.DELETE, "sites", site)

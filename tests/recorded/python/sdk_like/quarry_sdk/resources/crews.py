from ..http import Verb
from .common import Collection


class Crews(Collection):
    name = "crews"

    def members(self, crew):
        return self.backend.fetch("crews/%s/members" % crew)

    def replace(self, crew, **fields):
        return self.backend.perform(Verb.PUT, "crews", crew, body=fields)

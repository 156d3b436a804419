from ..http import HttpBackend, Verb


class Collection:
    name = None

    def __init__(self, backend: HttpBackend):
        self.backend = backend

    def list(self, **query):
        return self.backend.perform(Verb.GET, self.name, query=query)

    def get(self, ident):
        return self.backend.perform(Verb.GET, self.name, ident)

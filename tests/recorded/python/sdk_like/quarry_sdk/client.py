from .http import HttpBackend
from .resources import Crews, Reports, Sites


class Quarry:
    def __init__(self, root=None):
        backend = HttpBackend(root)
        self.sites = Sites(backend)
        self.crews = Crews(backend)
        self.reports = Reports(backend)

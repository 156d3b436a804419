from functools import cached_property

from .base import Transport
from .permits import PermitManager
from .shifts import ShiftManager


class Control:
    def __init__(self, **options):
        self.transport = Transport(**options)
        self.shifts = ShiftManager(self.transport)

    @cached_property
    def permits(self):
        return PermitManager(self.transport)

    def health(self):
        return self.transport.request("GET", "health")

    def export_ready(self, ident):
        self.transport.request("HEAD", f"exports/{ident}/download")

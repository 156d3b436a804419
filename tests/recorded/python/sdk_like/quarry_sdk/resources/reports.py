from ..http import HttpBackend


class Reports:
    def __init__(self, backend: HttpBackend):
        self._backend = backend

    def month(self, year, month):
        return self._backend.fetch(f"reports/{year}/{month}")

    def summary(self):
        return self._backend.fetch("reports/summary")

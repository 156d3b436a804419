import asyncio
import os

import aiohttp
import httpx

BASE = os.environ["QUARRY_URL"]


class AsyncQuarry:
    def __init__(self, base_url: str = BASE + "/api/v2"):
        self._client = httpx.AsyncClient(base_url=base_url, timeout=5)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        await self._client.aclose()

    async def sites(self):
        reply = await self._client.get("/sites")
        return reply.json()["items"]

    async def telemetry(self, site, drill):
        reply = await self._client.get(f"/sites/{site}/drills/{drill}/telemetry")
        return reply.json()

    async def export(self, ident):
        response = await self._client.request("GET", f"/exports/{ident}")
        async with self._client.stream("GET", f"/exports/{ident}/download") as stream:
            await stream.aread()
        return response


async def raw(session: aiohttp.ClientSession):
    async with session.get(f"{BASE}/api/v2/shifts/current") as reply:
        shift = await reply.json()
    async with session.patch(f"{BASE}/api/v2/shifts/{shift['id']}", json={"note": "x"}) as reply:
        await reply.read()
    async with session.request("POST", BASE + "/api/v2/alerts/a-1/ack") as reply:
        await reply.read()


async def relative():
    async with aiohttp.ClientSession(BASE) as session:
        async with session.get("/api/v2/reports/2026/10") as reply:
            await reply.read()
        for member in ("m-1", "m-2"):
            await session.delete(f"/api/v2/crews/c-1/members/{member}")


async def many():
    async with AsyncQuarry() as quarry:
        sites = await quarry.sites()
        await asyncio.gather(*(quarry.telemetry(site["id"], "d-1") for site in sites))
        await quarry.export("e-1")

import asyncio

import aiohttp

from poller import many, raw, relative


async def main():
    await many()
    async with aiohttp.ClientSession() as session:
        await raw(session)
    await relative()


if __name__ == "__main__":
    asyncio.run(main())

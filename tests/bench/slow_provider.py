"""A provider that answers every poll after 200 ms: `python -m tests.bench.slow_provider PORT`.

Its answers are canned and its server as small as can be, so that what is measured is the portal.
"""

import asyncio
import json
import sys

ANSWER_SECONDS = 0.2


async def serve(port: int) -> None:
    server = await asyncio.start_server(answer_all, "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


async def answer_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            job_id = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            await asyncio.sleep(ANSWER_SECONDS)
            video = {"id": job_id, "object": "video", "status": "in_progress", "progress": 50}
            body = json.dumps(video).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                b"content-length: %d\r\n\r\n%s" % (len(body), body)
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))

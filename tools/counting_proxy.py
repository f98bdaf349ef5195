"""Passes TCP connections on to one port of this machine, and counts every byte of them."""
import asyncio
import threading


class CountingProxy:
    """Listens on a free port of this machine from here on, in a thread of its own; passes on once it has a target."""

    def __init__(self):
        self.target_port = None
        self._bytes = 0
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._accept, "127.0.0.1", 0), self._loop).result()
        self.port = server.sockets[0].getsockname()[1]

    def mark(self):
        return self._bytes

    def since(self, mark):
        return self._bytes - mark

    async def _accept(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))

    async def _pass_on(self, reader, writer):
        try:
            while chunk := await reader.read(1 << 16):
                self._bytes += len(chunk)
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            pass  # the other direction ends too, and whoever was cut off says so
        finally:
            writer.close()

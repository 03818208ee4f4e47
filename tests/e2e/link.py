"""A TCP link to a hub that counts what it carries, and can be slow and cut.

What is counted is payload that went over the link: bytes that were read from
one side and given to the other. A sender's bytes that wait behind a slow or
cut link, in the buffers of this machine, never went over it.
"""
import asyncio
import socket
import threading

SEGMENT = 512  # bytes that a slow link carries at a time


class Connection:
    def __init__(self, way, left):
        self.up = self.down = self.requests = 0
        self.way, self.left = way, left
        self.talker = None
        self.cut = False
        self.ended = 0  # ways that are done with

    @property
    def bytes(self):
        return self.up + self.down

    def room(self, way, most):
        """How many bytes may still go this way."""
        if self.left is None or self.way not in (way, "both"):
            return most
        return min(most, self.left)

    def count(self, way, size):
        setattr(self, way, getattr(self, way) + size)
        if way == "up" and self.talker != "up":
            self.requests += 1  # the client began to talk
        self.talker = way
        if self.left is not None and self.way in (way, "both"):
            self.left -= size


class Link:
    """Connections to .port go on to `port` of this machine.

    bits        per second, each way; 0: as fast as the machine
    round_trip  seconds; a new connection costs one as well
    cuts        called for each new connection, gives (way, bytes): it is cut
                when so many bytes went "up", "down" or "both" ways; None: never
    at_cut      called when one is cut, before either side can know
    """

    def __init__(self, port, bits=0, round_trip=0.0, cuts=None, at_cut=None):
        self.hub_port, self.bits, self.round_trip = port, bits, round_trip
        self.cuts, self.at_cut = cuts, at_cut
        self.connections = []
        self.free = {"up": 0.0, "down": 0.0}  # when the link is next idle
        self.tasks = set()
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, args=(listener,))
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def sum(self, name, first=0):
        """Of all connections from the `first` on: "up", "cut", "bytes" …"""
        return sum(getattr(c, name) for c in self.connections[first:])

    def run(self, listener):
        self.loop.run_until_complete(self.serve(listener))
        self.loop.close()

    async def serve(self, listener):
        self.stop = asyncio.Event()
        server = await asyncio.start_server(self.accept, sock=listener)
        await self.stop.wait()
        server.close()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def accept(self, reader, writer):
        way, left = self.cuts() if self.cuts else ("both", None)
        connection = Connection(way, left)
        self.connections.append(connection)
        task = asyncio.current_task()
        self.tasks.add(task)
        try:
            await asyncio.sleep(self.round_trip)
            await self.carry(connection, reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # asyncio would complain of a task that was cancelled
        finally:
            writer.close()
            self.tasks.discard(task)

    async def carry(self, connection, reader, writer):
        hub_reader, hub_writer = await asyncio.open_connection(
            "127.0.0.1", self.hub_port)
        over = asyncio.Event()
        pumps = [asyncio.ensure_future(p) for p in (
            self.pump(connection, "up", reader, hub_writer, over),
            self.pump(connection, "down", hub_reader, writer, over))]
        try:
            await over.wait()
            if connection.cut and self.at_cut:
                self.at_cut()
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            hub_writer.close()

    async def pump(self, connection, way, reader, writer, over):
        waiting = asyncio.Queue()
        given = asyncio.ensure_future(self.give(waiting, writer))
        try:
            while connection.room(way, 1):
                data = await self.read(connection, way, reader)
                if not data:
                    break
                waiting.put_nowait(
                    (self.loop.time() + self.round_trip / 2, data))
            waiting.put_nowait(None)
            await given
            connection.cut = connection.cut or not connection.room(way, 1)
            connection.ended += 1
            if connection.cut or connection.ended == 2:
                over.set()
            else:
                writer.write_eof()
        except OSError:
            over.set()
        finally:
            given.cancel()

    async def read(self, connection, way, reader):
        """What the link takes from one side, when it has carried it."""
        most = SEGMENT if self.bits else 65536
        data = await reader.read(connection.room(way, most))
        data = data[:connection.room(way, most)]
        if data:
            connection.count(way, len(data))
        if data and self.bits:
            now = self.loop.time()
            self.free[way] = (max(now, self.free[way])
                              + len(data) * 8 / self.bits)
            await asyncio.sleep(self.free[way] - now)
        return data

    async def give(self, waiting, writer):
        writer.transport.set_write_buffer_limits(0)
        while (item := await waiting.get()) is not None:
            due, data = item
            await asyncio.sleep(due - self.loop.time())
            writer.write(data)
            await writer.drain()

#!/usr/bin/env python3
"""Bytes of a TLS 1.3 handshake and of a resumed one, as TCP payload.

One `sync --watch` behind a link that reads TLS records: its first connection
is a whole handshake, the next, after the link dropped it, a resumed one. What
belongs to the handshake: all up to the client's Finished; the tickets that the
hub sends after it are told apart. The floor is OpenSSL at both ends, on the
same certificate, without tickets.
"""
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from lib import ENV, Person, city, run  # noqa: E402

APPLICATION = 23


class Counting:
    """One connection after another to `port`; counts a handshake's bytes."""

    def __init__(self, port):
        self.target = port
        self.counts = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open = []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            hub = socket.create_connection(("127.0.0.1", self.target))
            count = {"up": [], "down": []}
            self.counts.append(count)
            self.open.append((peer, hub))
            for a, b, way in ((peer, hub, "up"), (hub, peer, "down")):
                threading.Thread(target=self.pump, daemon=True,
                                 args=(a, b, count[way])).start()

    @staticmethod
    def pump(a, b, records):
        held = b""
        try:
            while piece := a.recv(65536):
                held += piece
                while len(held) >= 5 and len(held) >= 5 + int.from_bytes(
                        held[3:5], "big"):
                    size = 5 + int.from_bytes(held[3:5], "big")
                    records.append((held[0], size))
                    held = held[size:]
                b.sendall(piece)
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def drop(self):
        for pair in self.open:
            for s in pair:
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # its peer was first
        self.open.clear()


def split(records, encrypted):
    """Bytes of the plain records and of so many encrypted ones."""
    sent = 0
    for kind, size in records:
        if kind == APPLICATION:
            if not encrypted:
                break
            encrypted -= 1
        sent += size
    return sent


def certificate(folder):
    ca, ca_key, cert, key = (os.path.join(folder, f) for f in (
        "ca.pem", "ca.key", "hub.pem", "hub.key"))
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
           "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    run([*new, "-keyout", ca_key, "-out", ca, "-subj", "/CN=Beatbook CA"])
    run([*new, "-keyout", key, "-out", cert, "-CA", ca, "-CAkey", ca_key,
         "-subj", "/CN=hub", "-addext", "subjectAltName=IP:127.0.0.1",
         "-addext", "basicConstraints=critical,CA:FALSE"])
    return ca, cert, key


def floor(ca, cert, key):
    """OpenSSL at both ends, in memory: a whole handshake, then a resumed."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.minimum_version = ssl.TLSVersion.TLSv1_3
    server.load_cert_chain(cert, key)
    client = ssl.create_default_context(cafile=ca)
    client.minimum_version = ssl.TLSVersion.TLSv1_3
    sizes, session = [], None
    for tickets in (0, 1, 0):
        server.num_tickets = tickets
        up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
        a = client.wrap_bio(down, up, server_hostname="127.0.0.1",
                            session=session)
        b = server.wrap_bio(up, down, server_side=True)
        total = 0
        done = [False, False]
        while not all(done):
            for i, (end, out) in enumerate(((a, up), (b, down))):
                before = out.pending
                try:
                    end.do_handshake()
                    done[i] = True
                except ssl.SSLWantReadError:
                    pass
                total += out.pending - before
        b.write(b"x")
        a.read(1)
        session = a.session if tickets else None
        sizes.append(total)
    return sizes[0], sizes[2]


def main():
    with tempfile.TemporaryDirectory() as folder:
        ca, cert, key = certificate(folder)
        hub = city(folder, start=False)
        hub.start("--tls-cert", cert, "--tls-key", key, "--tls-ca", ca)
        link = Counting(hub.port)
        me = Person(folder, "4471")
        code = hub("invite", "4471").strip()
        status, _, err = me.run("enroll", f"https://127.0.0.1:{link.port}",
                                "--badge", "4471", "--code", code, "--ca", ca)
        if status:
            sys.exit(err)
        link.counts.clear()
        watch = subprocess.Popen(me.argv(("sync", "--watch", "--json")),
                                 env=ENV, stdout=subprocess.PIPE)
        json.loads(watch.stdout.readline())
        link.drop()
        me.add("project", title="Second", beat_ids="12X")
        line = json.loads(watch.stdout.readline())
        while "error" in line:  # it found its connection gone: once more
            line = json.loads(watch.stdout.readline())
        watch.terminate()
        watch.wait()
        hub.stop()
        whole, resumed = link.counts[0], link.counts[-1]
        # Down, encrypted: extensions, certificate, proof and Finished, or
        # the first and last of them; then two tickets.
        for name, c, parts, least in zip(
                ("whole", "resumed"), (whole, resumed), (4, 2),
                floor(ca, cert, key)):
            up, down = split(c["up"], 1), split(c["down"], parts)
            tickets = split(c["down"], parts + 2) - down
            print(f"TLS 1.3 handshake, {name:8}{up + down:6} B  floor {least}"
                  f" B  x {(up + down) / least:.2f}  and {tickets} B of "
                  "tickets")


if __name__ == "__main__":
    main()

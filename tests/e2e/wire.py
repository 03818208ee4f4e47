"""HTTP: what hostile or broken peers get, and what a good one costs."""
import http.server
import json
import os
import shutil
import socket
import sqlite3
import ssl
import threading

from lib import CLIENT, Hub, Person, check, city, main, run, same


def talk(hub, data, half_close=False):
    """Send bytes, read all that comes until the hub closes or the answer is
    whole. Returns (status, headers, body)."""
    with socket.create_connection(("127.0.0.1", hub.port)) as s:
        try:
            s.sendall(data)
            if half_close:
                s.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return read_answer(s)


def read_answer(s):
    got = b""
    while True:
        try:
            piece = s.recv(65536)
        except ConnectionResetError:
            piece = b""
        got += piece
        head, found, body = got.partition(b"\r\n\r\n")
        length = [int(line.split(b":")[1]) for line in head.split(b"\r\n")
                  if line.lower().startswith(b"content-length")]
        if found and length and len(body) >= length[0]:
            break
        if not piece:
            break
    status = int(head.split(b" ")[1]) if head else 0
    return status, head + found, body


def post(path, body, extra=""):
    return (f"POST {path} HTTP/1.1\r\nHost: h\r\n{extra}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def get(path, token=None):
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: h\r\n{bearer}\r\n".encode()


def error_in_one_line(body):
    try:
        return list(json.loads(body)) == ["error"] and body.count(b"\n") == 1
    except ValueError:
        return False


def hostile(hub):
    before = hub.json("stats")["entries"]
    cases = (
        ("an empty sync", post("/v1/sync", b""), (400,)),
        ("a sync of noise", post("/v1/sync", b"\xff\x00\x17" * 500), (400,)),
        ("a sync that is no frame", post("/v1/sync", b"{}\n"), (400, 401)),
        ("a sync of broken JSON", post("/v1/sync", b'{"v":1,\n'), (400,)),
        ("a zlib stream of noise",
         post("/v1/sync", b"\x78\xf9" + b"\x55" * 900), (400,)),
        ("a token that is none", post(
            "/v1/sync", b'{"v":1,"t":"1.4471.AAAA","n":0}\n'), (400, 401)),
        ("a deep frame", post("/v1/sync", b'{"v":' + b"[" * 5000 + b"\n"),
         (400,)),
        ("an unknown path", get("/v1/nothing"), (404,)),
        ("the root", get("/"), (404,)),
        ("a path with ..", get("/v1/../etc/passwd"), (404,)),
        ("a log without a token", get("/v1/log?record=beat/12X"), (401,)),
        ("a profile with a wrong token", get("/v1/profile", "1.1.x"),
         (401,)),
        ("a wrong method", b"DELETE /v1/sync HTTP/1.1\r\nHost: h\r\n\r\n",
         (404, 405)),
        ("an enrolment of noise", post("/v1/enroll", b"\xff\xfe"), (400,)),
        ("an enrolment too large", post("/v1/enroll", b" " * 70000),
         (413,)),
        ("more than 64 MiB announced", b"POST /v1/sync HTTP/1.1\r\nHost: h"
         b"\r\nContent-Length: 99999999999\r\n\r\n", (413,)),
        ("headers of 9 KiB", get("/v1/health").replace(
            b"Host: h", b"Host: h\r\nX: " + b"y" * 9000), (431,)),
    )
    for what, data, want in cases:
        status, _, body = talk(hub, data)
        check(f"{what}: {'/'.join(map(str, want))}", status in want and
              error_in_one_line(body), (status, body[:300]))
    status, _, _ = talk(hub, b"\x16\x03\x01 this is not HTTP\r\n\r\n",
                        half_close=True)
    check("no HTTP at all", status in (0, 400), status)
    status, _, body = talk(hub, get("/v1/health"))
    check("and the hub goes on", status == 200 and json.loads(body)["ok"],
          body)
    same("nothing was stored", hub.json("stats")["entries"], before)


def broken_off(hub, me):
    """A request that breaks off keeps its whole frames."""
    name = me.add("project", title="Cut", beat_ids="12X")
    for i in range(30):
        me("set", name, f"goal={i} " + os.urandom(300).hex())
    data = capture_request(hub, me)
    head, _, body = data.partition(b"\r\n\r\n")
    before = hub.json("stats")["entries"]
    with socket.create_connection(("127.0.0.1", hub.port)) as s:
        s.sendall(head + b"\r\n\r\n" + body[:len(body) * 2 // 3])
        s.shutdown(socket.SHUT_WR)
        while s.recv(65536):
            pass
    kept = hub.json("stats")["entries"] - before
    check("a request that breaks off keeps its whole frames", 0 < kept < 31,
          kept)
    me("sync")
    same("the rest is sent again, none twice",
         (hub.json("stats")["entries"] - before,
          me.json("status")["unsent"]), (31, 0))


def capture_request(hub, me):
    """The bytes of one sync, taken by standing in the hub's place."""
    import subprocess
    from lib import ENV
    address = hub.address
    hub.stop()
    with socket.create_server(("127.0.0.1", hub.port)) as listener:
        process = subprocess.Popen(me.argv(("sync",)), env=ENV,
                                   stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        peer, _ = listener.accept()
        data = b""
        with peer:
            while not whole(data):
                data += peer.recv(65536)
        process.wait(timeout=60)
    hub.address = address
    hub.start()
    return data


def whole(data):
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return False


class Portal(http.server.BaseHTTPRequestHandler):
    """A captive portal: 200 and a page, or a redirect, whatever is asked."""
    answer = (200, b"<html><body>Accept the terms of Coffee WiFi")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = self.answer
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/login")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *args):
        pass


def not_beatbooks(hub, me):
    me.add("project", title="Behind a portal", beat_ids="12X")
    unsent = me.json("status")["unsent"]
    address = hub.address
    hub.stop()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", hub.port), Portal)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    for what, answer in (
            ("a captive portal's page", Portal.answer),
            ("a redirect", (302, b"")),
            ("a proxy's 502", (502, b"<html>Bad gateway")),
            ("a 403 that is not Beatbook's", (403, b"<html>Forbidden")),
            ("an empty 200", (200, b"")),
            ("JSON of somebody else", (200, b'{"ok":true}\n')),
            ("a truncated answer", (200, b'{"t":17')),):
        Portal.answer = answer
        me.fails(f"{what}: 75", 75, "", "sync")
    server.shutdown()
    server.server_close()
    thread.join()
    same("and nothing is lost", me.json("status")["unsent"], unsent)
    hub.address = address
    hub.start()
    me("sync")
    same("the real hub takes it", me.json("status")["unsent"], 0)


def addresses(folder, hub):
    other = Hub(os.path.join(folder, "other"))
    os.mkdir(os.path.dirname(other.place))
    other("init", "--profile", "oakland")
    other.fails("plain on any address is refused", 2, "--plain-on-any-address",
                "serve", "--listen", "0.0.0.0:0")
    other.fails("a wrong address", 2, "127.0.0.1:8440", "serve", "--listen",
                "localhost")
    other.fails("an address in use", 74, "another ADDR:PORT", "serve",
                "--listen", hub.address)
    other.fails("half of TLS", 2, "give both", "serve", "--tls-cert", "x")
    address = hub.address
    hub.stop()
    if socket.has_ipv6 and os.path.exists("/proc/net/if_inet6"):
        hub.start(listen="[::1]:0")
        check("IPv6", hub.address.startswith("[::1]:"), hub.address)
        who = Person(folder, "900", "six").enroll(hub)
        check("a replica over IPv6", who.run("sync")[0] == 0)
        hub.stop()
    else:
        print("ok - IPv6 # SKIP no IPv6 here")
    hub.start("--plain-on-any-address", listen="0.0.0.0:0")
    check("unless it is allowed", hub.address.startswith("0.0.0.0:"))
    hub.stop()
    hub.address = address


def tls(folder, hub):
    if not shutil.which("openssl"):
        print("ok - TLS # SKIP no openssl here")
        return
    cert, key = (os.path.join(folder, f) for f in ("cert.pem", "key.pem"))
    status, _, err = run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out",
        cert, "-days", "2", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=IP:127.0.0.1"])
    if status:
        check("openssl makes a certificate", False, err)
        return
    address = hub.address
    hub.start("--tls-cert", cert, "--tls-key", key, listen="127.0.0.1:0")
    context = ssl.create_default_context(cafile=cert)
    with socket.create_connection(("127.0.0.1", hub.port)) as raw:
        with context.wrap_socket(raw, server_hostname="127.0.0.1") as s:
            s.sendall(get("/v1/health"))
            status, _, _ = read_answer(s)
            same("TLS", (status, s.version()), (200, "TLSv1.3"))
            session = s.session
    with socket.create_connection(("127.0.0.1", hub.port)) as raw:
        with context.wrap_socket(raw, server_hostname="127.0.0.1",
                                 session=session) as s:
            s.sendall(get("/v1/health"))
            read_answer(s)
            check("TLS is resumed", s.session_reused)
    code = hub("invite", "900").strip()
    status, _, err = run([CLIENT, "-r", os.path.join(folder, "tls.db"),
                          "enroll", f"https://{hub.address}", "--badge",
                          "900", "--code", code])
    check("an unknown certificate is refused, and --ca is named",
          status == 75 and f"hub at https://{hub.address} is not trusted (" in
          err and "name that with --ca FILE at enrolment" in err and
          "try again later" not in err, (status, err))
    status, _, err = run([CLIENT, "-r", os.path.join(folder, "tls.db"),
                          "enroll", f"http://{hub.address}", "--badge",
                          "900", "--code", code])
    check("http where TLS is spoken: https is named", status == 75 and
          f"it may speak https: give https://{hub.address}" in err,
          (status, err))
    by_name = f"https://localhost:{hub.port}"
    status, _, err = run([CLIENT, "-r", os.path.join(folder, "tls.db"),
                          "enroll", by_name, "--badge", "900", "--code", code,
                          "--ca", cert])
    check("one for another name too", status == 75 and
          f"hub at {by_name} is for another name (" in err, (status, err))
    trusting = Person(folder, "900", "tls")
    ours = {"BEATBOOK_CA_FILE": cert}
    status, _, err = trusting.run("enroll", f"https://{hub.address}",
                                  "--badge", "900", "--code", code, env=ours)
    check("one's own authority is trusted when named", status == 0, err)
    status, out, err = trusting.run("sync", "--json", env=ours)
    check("a sync over TLS", status == 0, err)
    status, _, err = trusting.run("sync")
    check("what vouched at enrolment does so later", status == 0, err)
    hub.stop()
    expired(folder, hub, trusting, cert, key)
    pinned(folder, hub, cert, key)
    status, _, err = hub.run("serve", "--listen", "127.0.0.1:0",
                             "--tls-cert", key, "--tls-key", cert)
    check("a wrong certificate", status == 74 and "PEM" in err, err)
    hub.address = address
    hub.start()


def expired(folder, hub, trusting, cert, key):
    """The same key, and a certificate of another year."""
    config, old, text = (os.path.join(folder, f) for f in (
        "ca.conf", "old.pem", "ca.txt"))
    request = os.path.join(folder, "old.csr")
    open(text, "w", encoding="ascii").close()
    with open(config, "w", encoding="ascii") as f:
        f.write(f"[ca]\ndefault_ca=d\n[d]\ndatabase={text}\n"
                f"new_certs_dir={folder}\nrand_serial=yes\npolicy=p\n"
                "default_md=sha256\nx509_extensions=x\n[p]\n"
                "commonName=supplied\n[x]\nsubjectAltName=IP:127.0.0.1\n")
    run(["openssl", "req", "-new", "-key", key, "-subj", "/CN=localhost",
         "-out", request])
    status, _, err = run([
        "openssl", "ca", "-batch", "-notext", "-selfsign", "-config", config,
        "-keyfile", key, "-in", request, "-out", old, "-startdate",
        "20200101000000Z", "-enddate", "20210101000000Z"])
    check("a certificate of another year", status == 0, err)
    hub.start("--tls-cert", old, "--tls-key", key)
    status, _, err = trusting.run("sync", env={"BEATBOOK_CA_FILE": old})
    check("is told of as out of date", status == 75 and
          "is out of date (" in err and "clock" in err, (status, err))
    hub.stop()


def openssl(*args):
    return run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-days", "2", *args])


def pinned(folder, hub, other_cert, other_key):
    """The manual's two commands; who enrolled there takes nobody else."""
    ca, ca_key, cert, key = (os.path.join(folder, f) for f in (
        "ca.pem", "ca.key", "hub.pem", "hub.key"))
    openssl("-keyout", ca_key, "-out", ca, "-subj", "/CN=Beatbook CA")
    status, _, err = openssl(
        "-keyout", key, "-out", cert, "-CA", ca, "-CAkey", ca_key, "-subj",
        "/CN=hub", "-addext", "subjectAltName=IP:127.0.0.1", "-addext",
        "basicConstraints=critical,CA:FALSE")
    check("an authority and a certificate of it", status == 0, err)
    hub.address = None
    hub.start("--tls-cert", cert, "--tls-key", key, "--tls-ca", ca)
    me = Person(folder, "900", "pinned")
    code = hub("invite", "900").strip()
    status, _, err = me.run("enroll", f"https://{hub.address}", "--badge",
                            "900", "--code", code, "--ca", cert + "-none")
    check("no such authority", status == 65 and
          f"there is no file {cert}-none: " in err, (status, err))
    status, _, err = me.run("enroll", f"https://{hub.address}", "--badge",
                            "900", "--code", code, "--ca", key)
    check("a file that is none", status == 65 and
          "is no certificate of an authority" in err, (status, err))
    status, _, err = me.run("enroll", f"https://{hub.address}", "--badge",
                            "900", "--code", code, "--ca", ca)
    check("enrolled with the authority named", status == 0, err)
    check("and kept", me.run("sync")[0] == 0, me.run("sync"))
    hub.stop()
    hub.start("--tls-cert", other_cert, "--tls-key", other_key)
    status, _, err = me.run("sync")
    check("another's is not taken", status == 75 and
          "is not of the authority that was named (" in err, (status, err))
    status, _, err = me.run("sync", env={"BEATBOOK_CA_FILE": other_cert})
    check("unless a person names it", status == 0, err)
    hub.stop()
    hub.address = None
    hub.start("--tls-ca", ca)
    told = Person(folder, "4480", "told").enroll(hub)
    with open(ca, encoding="ascii") as f:
        same("where none is named, the hub's own word is kept",
             sqlite3.connect(told.file).execute(
                 "SELECT value FROM _meta WHERE key='authority'").fetchall(),
             [(f.read(),)])
    hub.stop()


def costs(hub, me):
    """Bytes of answer headers; requests of one sync."""
    _, head, _ = talk(hub, get("/v1/health"))
    check("an answer has at most 42 bytes of headers", len(head) <= 42, head)
    with socket.create_connection(("127.0.0.1", hub.port)) as s:
        for _ in range(3):
            s.sendall(get("/v1/health"))
            status, _, _ = read_answer(s)
        same("a connection serves many requests", status, 200)


def story(folder, hubs):
    hub = city(folder)
    hubs.append(hub)
    me = Person(folder, "4471").enroll(hub)
    costs(hub, me)
    hostile(hub)
    broken_off(hub, me)
    not_beatbooks(hub, me)
    addresses(folder, hub)
    tls(folder, hub)
    me("sync")
    hub.stop()
    serving = hub.json("stats")["serving"]
    check("stats tell what serve did", serving["polls"] >= 1 and
          serving["bytes_in"] > 0 and serving["max_us"] > 0 and
          "serving\n" in hub("stats"), serving)
    status, _, err = hub.run("serve", "--rate", "none")
    check("a wrong rate", status == 2 and "--rate" in err, err)
    check("the log verifies after all that", hub("audit", "verify") != "")


if __name__ == "__main__":
    main(story)

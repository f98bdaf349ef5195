#!/usr/bin/env python3
"""Attacks a running server over raw sockets: each must be refused in the way named, and leave it well.

usage: attacks.py GALLERY_PROGRAM
"""
import gzip
import http.client
import os
import re
import socket
import subprocess
import sys
import time

GALLERY = sys.argv[1]
failures = []


def check(what, good, seen=""):
    print("ok:" if good else "FAILED:", what, "" if good else f"(saw {seen!r})")
    if not good:
        failures.append(what)


class Server:
    def __enter__(self):
        self.process = subprocess.Popen([GALLERY, str(20000 + os.getpid() % 5000)], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        self.host = f"127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.end_code = self.process.wait(20)

    def memory_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def raw(self, data, wait=8.0):
        """Sends bytes, a generator's or plain, and reads until the server closes or falls silent."""
        answer = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as s:
            try:
                for chunk in ([data] if isinstance(data, bytes) else data):
                    s.sendall(chunk)
            except OSError:
                pass  # refused before all was sent
            try:
                while chunk := s.recv(65536):
                    answer += chunk
                    s.settimeout(0.7)
            except OSError:
                pass
        return answer

    def head(self, method="GET", target="/sign-in", *fields):
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.host}", *fields, "", ""]
        return "\r\n".join(lines).encode("latin-1")


def status_of(answer):
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


def answers_in(answer):
    return answer.count(b"HTTP/1.1 ")


def alive(server):
    return status_of(server.raw(server.head())) == 200


class Visitor:
    """A browser with one cookie."""

    def __init__(self, server):
        self.server, self.cookie = server, ""

    def ask(self, method, target, body=None, kind="application/x-www-form-urlencoded", **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = kind
        headers.update({name.replace("_", "-"): value for name, value in fields.items()})
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        cookie = answer.getheader("Set-Cookie") or ""
        if cookie.startswith("__Host-sid="):
            self.cookie = cookie.split(";")[0]
        connection.close()
        return answer, text

    def token(self, target):
        return re.search(rb'name="csrf" value="(\w+)"', self.ask("GET", target)[1]).group(1).decode()

    def sign_in(self):
        body = f"csrf={self.token('/sign-in')}&name=alex&password=correct+horse"
        return self.ask("POST", "/sign-in", body)[0].status


def routes():
    lines = subprocess.run([GALLERY, "--routes"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [(method, re.sub(r":\w+", "1", pattern)) for method, pattern, _ in map(str.split, lines)]


def forged_forms(server):
    visitor = Visitor(server)
    check("signing in works", visitor.sign_in() == 303)
    mutating = [target for method, target in routes() if method == "POST"]
    check("the route table has mutating routes", len(mutating) >= 6, mutating)
    for target in mutating:
        token = visitor.token("/sync")
        bad = [visitor.ask("POST", target, "a=1")[0].status,
               visitor.ask("POST", f"{target}?csrf={token}", "a=1")[0].status,
               visitor.ask("POST", target, f"csrf={token}", Origin="http://evil.example")[0].status,
               visitor.ask("POST", target, f"csrf={token}", Origin="http://127.0.0.1:1")[0].status,
               visitor.ask("POST", target, f"csrf={token}", Sec_Fetch_Site="same-site")[0].status]
        check(f"forged forms for {target} are refused", bad == [403] * 5, bad)
    token = visitor.token("/sync")
    good = visitor.ask("POST", "/sync", f"csrf={token}", Origin=f"http://{server.host}", Sec_Fetch_Site="same-origin")
    check("the same form from its own page is taken", good[0].status == 303, good[0].status)
    multipart = (f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
                 '--x\r\nContent-Disposition: form-data; name="bundle"; filename="a.csv"\r\n'
                 "Content-Type: text/csv\r\n\r\na,b\r\n--x--\r\n")
    good = visitor.ask("POST", "/upload", multipart, "multipart/form-data; boundary=x")
    check("an uploaded file arrives whole", good[0].status == 200 and b"It has 3 bytes" in good[1], good[1][-300:])
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="a{i}"\r\n\r\n1\r\n' for i in range(20000)) + "--x--\r\n"
    seen = visitor.ask("POST", "/upload", parts, "multipart/form-data; boundary=x")[0].status
    check("20,000 parts are too many", seen == 413, seen)
    seen = visitor.ask("POST", "/upload", "{}", "application/json")[0].status
    check("only forms are read", seen == 415, seen)
    seen = visitor.ask("POST", "/upload", "x" * 3_000_000, "multipart/form-data; boundary=x")
    check("a file that is too big gets a page that says so", seen[0].status in (400, 413) and b"</html>" in seen[1],
          seen[0].status)
    seen = visitor.ask("POST", "/boom", f"csrf={token}")
    check("a fault shows no detail", seen[0].status == 500 and b"secret" not in seen[1], seen[0].status)


def malformed(server):
    post = ("POST", "/sign-in", "Content-Type: application/x-www-form-urlencoded")
    cases = {
        "another host's name": (server.raw(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), {421}),
        "no host": (server.raw(b"GET / HTTP/1.1\r\n\r\n"), {421}),
        "two hosts": (server.raw(server.head("GET", "/", "Host: evil.example")), {421}),
        "a long line": (server.raw(server.head("GET", "/" + "a" * 20000)), {414, 400}),
        "a long header": (server.raw(server.head("GET", "/", "X: " + "a" * 100_000)), {400}),
        "600 headers": (server.raw(server.head("GET", "/", *["X: 1"] * 600)), {400}),
        "length and chunks": (server.raw(server.head(*post, "Content-Length: 3", "Transfer-Encoding: chunked") + b"0\r\n\r\n"), {411}),
        "a negative chunk": (server.raw(server.head(*post, "Transfer-Encoding: chunked") + b"-2\r\nxx\r\n"), {411}),
        "two lengths": (server.raw(server.head(*post, "Content-Length: 3", "Content-Length: 4") + b"a=1"), {400}),
        "a negative length": (server.raw(server.head(*post, "Content-Length: -1")), {400}),
        "a length of 5 GB": (server.raw(server.head(*post, "Content-Length: 5000000000")), {413}),
        "a method we lack": (server.raw(server.head("DELETE", "/", "Content-Length: 0")), {405}),
        "OPTIONS": (server.raw(server.head("OPTIONS", "/")), {405}),
        "a body on GET": (server.raw(server.head("GET", "/sign-in", "Content-Length: 5") + b"a=1&b"), {400}),
        "no method at all": (server.raw(b"\x00\x01\x02\r\n\r\n"), {400, 0}),
        "an encoded NUL": (server.raw(server.head("GET", "/sign-in%00.css")), {400}),
        "a foreign address": (server.raw(server.head("GET", "http://evil.example/")), {400}),
    }
    for what, (answer, wanted) in cases.items():
        check(f"{what} is refused", status_of(answer) in wanted, answer[:60])
        check(f"{what}: every answer has the policy", answer == b"" or b"Content-Security-Policy: default-src 'none'" in answer)
    for path in ("/../etc/passwd", "/..%2f..%2fetc/passwd", "/assets/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                 "/assets/x/app.css%00.txt", "/....//etc/passwd", "/assets/%5c..%5c..", "/static/app.css"):
        answer = server.raw(server.head("GET", path))
        check(f"{path} leads nowhere", status_of(answer) in (400, 404) and b"root:" not in answer, answer[:40])
    check("the server is well", alive(server))


def floods(server):
    before = server.memory_mb()
    post = ("POST", "/sign-in", "Content-Type: application/x-www-form-urlencoded")
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    answer = server.raw((server.head(*post, "Transfer-Encoding: chunked"), *[chunk] * 100, b"0\r\n\r\n"))
    check("100 MB in chunks is refused before it is read", status_of(answer) in (411, 0), answer[:40])
    bomb = gzip.compress(b"a" * 50_000_000)
    answer = server.raw((server.head(*post, "Content-Encoding: gzip", f"Content-Length: {len(bomb)}"), bomb))
    check("a compressed body is refused", status_of(answer) in (415, 0), answer[:40])
    style = re.search(rb'href="(/assets/\w+/app.css)"', server.raw(server.head())).group(1).decode()
    whole = len(server.raw(server.head("GET", style)))
    overlapping = ",".join(f"0-{i}" for i in range(600))
    answer = server.raw(server.head("GET", style, f"Range: bytes={overlapping}"))
    check("600 overlapping ranges are not served", len(answer) <= whole + 500 and status_of(answer) != 206, len(answer))
    answer = server.raw(server.head("GET", style, "Range: bytes=0-9"))
    check("a range gets the whole", status_of(answer) == 200 and len(answer) >= whole - 500, status_of(answer))
    check("memory stayed bounded", server.memory_mb() - before < 40, server.memory_mb() - before)


def desync(server):
    inner = server.head("GET", "/smuggled")
    too_many = [f"A{i}: b" for i in range(200)]
    refused = {
        "forged": ("POST", "/sync", f"Content-Length: {len(inner)}", "Origin: http://evil.example"),
        "without token": ("POST", "/sync", f"Content-Length: {len(inner)}"),
        "compressed": ("POST", "/sync", f"Content-Length: {len(inner)}", "Content-Encoding: gzip"),
        "GET with body": ("GET", "/sign-in", f"Content-Length: {len(inner)}"),
        "HEAD with body": ("HEAD", "/sign-in", f"Content-Length: {len(inner)}"),
        "GET with a length that has a sign": ("GET", "/sign-in", f"Content-Length: +{len(inner)}"),
        "GET with a length and more": ("GET", "/sign-in", f"Content-Length: {len(inner)} x"),
        "GET with two lengths": ("GET", "/sign-in", "Content-Length: 0", f"Content-Length: {len(inner)}"),
        "chunked": ("POST", "/sync", "Transfer-Encoding: chunked"),
        "too many fields": ("GET", "/sign-in", *too_many),
        "HEAD with too many fields": ("HEAD", "/sign-in", *too_many),
        "no HTTP at all": ("nonsense nonsense",),
    }

    # The library forgets what came in one piece with a request; what comes a moment later it reads.
    def a_moment_later(head):
        yield server.head(*head)
        time.sleep(0.1)
        yield inner

    for what, head in refused.items():
        answer = server.raw(a_moment_later(head))
        check(f"{what}: the body never becomes a second request", answers_in(answer) <= 1, answers_in(answer))


# A status of 0: the connection ends without an answer, as it must where one to HEAD could not be followed by that.
def ranges(server):
    visitor = Visitor(server)
    visitor.sign_in()
    token = visitor.token("/sync")
    style = re.search(rb'href="(/assets/\w+/app.css)"', server.raw(server.head())).group(1).decode()
    form = "Content-Type: application/x-www-form-urlencoded"
    asked = {
        "a page": (200, "GET", "/sign-in"), "the head of a page": (200, "HEAD", "/sign-in"),
        "a file": (200, "GET", style), "no page": (404, "GET", "/nobody"),
        "a method we lack": (405, "PUT", "/"), "another": (405, "DELETE", "/sync"),
        "another host": (421, "GET", "/", "Host: evil.example"),
        "an embedded page": (403, "GET", "/", "Sec-Fetch-Site: cross-site"),
        "GET with a body": (400, "GET", "/", "Content-Length: 5"), "HEAD with a body": (0, "HEAD", "/", "Content-Length: 5"),
        "no length": (411, "POST", "/sync", form),
        "a compressed form": (415, "POST", "/sync", form, "Content-Encoding: gzip", "Content-Length: 0"),
        "a type we lack": (415, "POST", "/sync", "Content-Type: text/plain", "Content-Length: 0"),
        "a foreign form": (403, "POST", "/sync", form, "Content-Length: 0", "Origin: http://evil.example"),
        "a foreign form over 16 MiB": (413, "POST", "/sync", "Content-Type: text/plain", "Content-Length: 17000000",
                                       "Sec-Fetch-Site: cross-site"),
        "a fault": (500, "POST", "/boom", form, f"Cookie: {visitor.cookie}", f"Content-Length: {5 + len(token)}"),
        "too many fields": (400, "GET", "/", *["X: 1"] * 600), "a long line": (414, "GET", "/" + "a" * 9000),
    }
    for what, (status, *head) in asked.items():
        body = f"csrf={token}".encode() if what == "a fault" else b""
        whole = server.raw(server.head(*head, "Connection: close") + body)
        check(f"{what} is answered with {status or 'nothing'}", status_of(whole) == status, whole[:60])
        for wanted in ("0-", "100-300", "-3", "-99999999", "0-1,3-4"):
            answer = server.raw(server.head(*head[:2], f"Range: bytes={wanted}", *head[2:], "Connection: close") + body)
            check(f"{what}: whole, where bytes {wanted} are asked for",
                  (status_of(answer), len(answer)) == (status, len(whole)), answer[:60])
    check("the server is well", alive(server))


def headers(server):
    answer, text = Visitor(server).ask("GET", "/sign-in")
    wanted = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
              "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
              "X-Frame-Options": "DENY"}
    for name, value in wanted.items():
        check(f"{name} is {value}", answer.getheader(name) == value, answer.getheader(name))
    policy = answer.getheader("Content-Security-Policy")
    check("the policy allows nothing inline", "unsafe" not in policy and "script-src 'self' 'sha256-" in policy, policy)
    cookie = answer.getheader("Set-Cookie")
    check("the cookie is out of reach", cookie.endswith("; Path=/; HttpOnly; Secure; SameSite=Strict"), cookie)
    check("no server name is given away", answer.getheader("Server") is None)
    answer = server.raw(server.head("HEAD"))
    check("HEAD has headers and no body", answer.endswith(b"\r\n\r\n") and b"Content-Length: " in answer, answer[-80:])
    answer = server.raw(server.head("GET", "/sign-in", "REMOTE_ADDR: 6.6.6.6", "X-In: a%0d%0aX-Evil: 1"))
    check("headers cannot be injected", b"X-Evil" not in answer)
    del text


def crowd(server):
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
    started = time.monotonic()
    check("20 idle connections do not keep others out", alive(server), time.monotonic() - started)
    for each in idle:
        each.close()


with Server() as server:
    for attack in (headers, ranges, forged_forms, malformed, desync, crowd, floods):
        attack(server)
    check("the server is well at the end", alive(server))
check("told to end, the server ends well", server.end_code == 0, server.end_code)
sys.exit(1 if failures else 0)

"""Attacks on a hub, through the proxy that stands before it: bounded memory, and sites are served meanwhile.

All of them come from the door's own address, as the limits of the proxy are for each address."""
import os
import time

from doors import Crowd, a_moment_later, answers_in, bomb, memory_bounded, status_of

BYTES = "Content-Type: application/octet-stream"
ENDPOINTS = ("hello", "sync", "fetch", "mailbox")
OTHERS = ("REMOTE_ADDR: 127.0.0.{}", "X-Forwarded-For: 127.0.0.{}", "X-Real-IP: 127.0.0.{}", "Forwarded: for=127.0.0.{}")


def addresses(door, found):
    for target in ("/", "/healthz", "/metrics", "/v1", "/v1/", "/v1/nothing", "/v1/sync/", "/v2/sync", "/../etc/passwd",
                   "/v1/..%2f..%2fetc/passwd", "/v1/%2e%2e/metrics", "/v1/sync%00", "/v1/../metrics", "//v1/sync/../../metrics"):
        for method in ("GET", "POST"):
            answer = door.raw(door.head(method, target, BYTES, "Content-Length: 0", "Connection: close"))
            found.check(f"{method} {target} leads nowhere", status_of(answer) in (400, 403, 404, 405) and b"root:" not in answer,
                        answer[:60])
    for name in ENDPOINTS:
        for method in ("GET", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"):
            status = door.status(method, f"/v1/{name}", "Content-Length: 0", "Connection: close")
            found.check(f"{method} /v1/{name} is refused", status in (400, 403, 405), status)


def malformed(door, found):
    post = ("POST", "/v1/sync", BYTES)
    cases = {
        "no host": (b"POST /v1/sync HTTP/1.1\r\n\r\n", {400}),
        "two hosts": (door.head(*post, "Host: evil.example", "Content-Length: 0"), {400}),
        "two lengths": (door.head(*post, "Content-Length: 3", "Content-Length: 4") + b"abcd", {400}),
        "length and chunks": (door.head(*post, "Content-Length: 3", "Transfer-Encoding: chunked") + b"0\r\n\r\n", {400, 411}),
        "a negative length": (door.head(*post, "Content-Length: -1"), {400}),
        "a negative chunk": (door.head(*post, "Transfer-Encoding: chunked") + b"-2\r\nxx\r\n", {400, 411}),
        "a length of 5 GB": (door.head(*post, "Content-Length: 5000000000"), {413}),
        "a compressed body": (door.head(*post, "Content-Encoding: gzip", "Content-Length: 3") + b"abc", {415}),
        "a long line": (door.head("POST", "/" + "a" * 20_000), {414}),
        "noise": (os.urandom(400), {0, 400}),
        "a form": (door.head("POST", "/v1/sync", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 3") + b"a=1",
                   {415}),
        "a web page's request": (door.head(*post, "Origin: http://evil.example", "Content-Length: 0"), {403}),
        "headers with line ends in them": (door.head(*post, "X: a%0d%0aX-Evil: 1", "Content-Length: 0"), {400, 401, 403}),
    }
    for what, (sent, wanted) in cases.items():
        answer = door.raw(sent)
        found.check(f"{what} is refused", status_of(answer) in wanted and b"X-Evil" not in answer, answer[:60])
        time.sleep(0.05)
    for name in ENDPOINTS:
        for what, body in (("nothing", b""), ("noise", os.urandom(2_000)), ("zeros", bytes(2_000)), ("deep nesting", b"\x0a\x7f" * 500)):
            answer = door.raw(door.head("POST", f"/v1/{name}", BYTES, f"Content-Length: {len(body)}", "Connection: close") + body)
            good = {200, 400, 401, 403} if name == "hello" else {400, 401, 403}
            found.check(f"{what} sent to {name} is refused", status_of(answer) in good, answer[:60])
            time.sleep(0.05)


def smuggling(door, found):
    inner = door.head("GET", "/metrics")
    for what, fields in {"an odd length": (f"Content-Length: +{len(inner)}",), "chunks": ("Transfer-Encoding: chunked",),
                         "odd chunks": ("Transfer-Encoding: xchunked",), "two lengths": ("Content-Length: 0", f"Content-Length: {len(inner)}"),
                         "spaces": (f"Content-Length : {len(inner)}",)}.items():
        answer = door.raw(door.head("POST", "/v1/sync", BYTES, *fields) + inner)
        found.check(f"{what}: the body never becomes a second request",
                    answers_in(answer) <= 1 and b"throughgate_" not in answer, answer[:60])
    length = f"Content-Length: {len(inner)}"
    refused = {"no token": (BYTES, length), "a web page's": (BYTES, length, "Origin: http://evil.example"),
               "a form": ("Content-Type: text/plain", length), "a compressed one": (BYTES, "Content-Encoding: gzip", length)}
    for what, fields in refused.items():
        answer = door.raw(a_moment_later(door.head("POST", "/v1/sync", *fields), inner))
        found.check(f"{what}: a body left unread never becomes a second request",
                    answers_in(answer) == 1 and 400 <= status_of(answer) < 500 and b"throughgate_" not in answer, answer[:60])


def giants(door, found):
    post = ("POST", "/v1/sync", BYTES)
    megabyte = b"a" * 1_000_000
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    packed = bomb()
    host = b"POST /v1/sync HTTP/1.1\r\nHost: " + door.host.encode() + b"\r\n"
    cases = {
        "300 MB in chunks": ((door.head(*post, "Transfer-Encoding: chunked"), *[chunk] * 300, b"0\r\n\r\n"), {411, 413, 0}),
        "a compressed bomb": ((door.head(*post, "Content-Encoding: gzip", f"Content-Length: {len(packed)}"), packed), {415, 0}),
        "a header of 200 MB": ((host, b"X: ", *[megabyte] * 200, b"\r\n\r\n"), {400, 431, 494, 0}),
        "600,000 headers": ((host, *[b"X: 1\r\n" * 10_000] * 60, b"\r\n"), {400, 431, 494, 0}),
        "600 ranges": ((door.head("POST", "/v1/hello", BYTES, "Content-Length: 0",
                                  "Range: bytes=" + ",".join(f"0-{i}" for i in range(600)), "Connection: close"),), {200, 400, 401}),
    }
    for what, (sent, wanted) in cases.items():
        with memory_bounded(door, found, what):
            answer = door.raw(iter(sent))
            found.check(f"{what} is refused", status_of(answer) in wanted, answer[:60])


def crowds(door, found, is_served):
    """Connections that say nothing, and such that drip. `is_served()`: whether a site is, from an address of its own."""
    for what, count, begin in (("1,000 idle connections", 1_000, None),
                               ("200 dripping heads", 200, door.head("POST", "/v1/sync")[:-2] + b"X: "),
                               ("200 dripping bodies", 200, door.head("POST", "/v1/sync", BYTES, "Content-Length: 1000000"))):
        with memory_bounded(door, found, what), Crowd(door, count, begin):
            started = time.monotonic()
            found.check(f"{what}: a site is served meanwhile", all(is_served() for _ in range(2)))
            print("measured: beside %s two syncs took %.2f s, the programs %.0f MB" % (
                what, time.monotonic() - started, door.memory_mb()))


def floods(door, found, is_served):
    """As fast as one line goes: most are turned away by the proxy, and sites are served."""
    turned_away = 0
    with memory_bounded(door, found, "a flood"):
        for i in range(300):
            other = OTHERS[i % len(OTHERS)].format(i % 250)  # whatever address it claims to come from
            turned_away += door.status("POST", "/v1/hello", BYTES, other, "Content-Length: 0", "Connection: close") == 429
        found.check("of 300 requests at once most are turned away", turned_away > 100, turned_away)
        found.check("a site is served meanwhile", is_served())


# Each leaves the address that it comes from slowed down for a moment.
def all_of_them(door, found, is_served):
    for attack in (addresses, malformed, smuggling, giants):
        attack(door, found)
        time.sleep(3)
    crowds(door, found, is_served)
    time.sleep(3)
    floods(door, found, is_served)
    found.check("a site is served at the end", is_served())

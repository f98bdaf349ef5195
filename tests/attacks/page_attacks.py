"""Attacks on the pages of a site: each must be refused in the way named, and leave the server well."""
import concurrent.futures
import re
import time

from doors import FORM, Crowd, Visitor, a_moment_later, answers_in, bomb, memory_bounded, status_of

POST_FORM = f"Content-Type: {FORM}"
EVIL = "Origin: http://evil.example"


class Pages:
    """What there is to attack: the door, somebody who may sign in, all addresses as (method, pattern, who), one address
    that a signed-in form goes to, and a page that has such a form."""

    def __init__(self, door, name, password, addresses, posts_to="/sync", page="/sync"):
        self.door, self.name, self.password, self.addresses = door, name, password, addresses
        self.posts_to, self.page = posts_to, page

    def visitor(self, found):
        visitor = Visitor(self.door)
        found.check("signing in works", visitor.sign_in(self.name, self.password))
        return visitor

    def style(self):
        return re.search(rb'href="(/assets/\w+/app.css)"', self.door.raw(self.door.head("GET", "/sign-in"))).group(1).decode()

    def targets(self, method):
        return [(re.sub(r":\w+", "0" * 32, pattern), who) for each, pattern, who in self.addresses if each == method]


def alive(door):
    return door.status("GET", "/sign-in", "Connection: close") == 200


def headers(pages, found):
    door = pages.door
    answer, _ = Visitor(door).ask("GET", "/sign-in")
    wanted = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
              "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
              "X-Frame-Options": "DENY"}
    for name, value in wanted.items():
        found.check(f"{name} is {value}", answer.getheader(name) == value, answer.getheader(name))
    policy = answer.getheader("Content-Security-Policy")
    found.check("the policy allows nothing inline", "unsafe" not in policy and "script-src 'self' 'sha256-" in policy, policy)
    cookie = answer.getheader("Set-Cookie")
    found.check("the cookie is out of reach", cookie.endswith("; Path=/; HttpOnly; Secure; SameSite=Strict"), cookie)
    found.check("no server name is given away", answer.getheader("Server") is None)
    answer = door.raw(door.head("HEAD", "/sign-in"))
    found.check("HEAD has headers and no body", answer.endswith(b"\r\n\r\n") and b"Content-Length: " in answer, answer[-80:])
    answer = door.raw(door.head("GET", "/sign-in", "REMOTE_ADDR: 6.6.6.6", "X-In: a%0d%0aX-Evil: 1"))
    found.check("headers cannot be injected", b"X-Evil" not in answer)


def strangers(pages, found):
    """Nobody who has not signed in gets anywhere, by any address there is."""
    for method in ("GET", "POST"):
        for target, who in pages.targets(method):
            if who != "staff":
                continue
            visitor = Visitor(pages.door)
            body = f"csrf={visitor.token()}" if method == "POST" else None
            answer, text = visitor.ask(method, target, body)
            shut = answer.status in (303, 401, 403) or (b'name="password"' in text and answer.status == 200)
            found.check(f"{method} {target} is shut before signing in", shut, answer.status)


def forged_forms(pages, found):
    """Every address that changes anything, as the route table has them."""
    visitor = pages.visitor(found)
    forged = 0
    for target, who in pages.targets("POST"):
        token = visitor.token(pages.page)
        tries = {"without a token": ({}, "a=1", target), "a token in the address": ({}, "a=1", f"{target}?csrf={token}"),
                 "another's token": ({}, f"csrf={'0' * len(token)}", target),
                 "from another site": ({"Origin": "http://evil.example"}, f"csrf={token}", target),
                 "from another port": ({"Origin": "http://127.0.0.1:1"}, f"csrf={token}", target),
                 "from another port, as browsers say it": ({"Sec_Fetch_Site": "same-site"}, f"csrf={token}", target)}
        for what, (fields, body, address) in tries.items():
            status = visitor.ask("POST", address, body, **fields)[0].status
            found.check(f"a form for {target} {what} is refused", status == 403, status)
            forged += 1
    found.check("there were forms to forge", forged >= 30, forged)
    token = visitor.token(pages.page)
    answer = visitor.ask("POST", pages.posts_to, f"csrf={token}", Origin=f"http://{pages.door.host}",
                         Sec_Fetch_Site="same-origin")[0]
    found.check("the same form from its own page is taken", answer.status == 303, answer.status)


def malformed(pages, found):
    door = pages.door
    post = ("POST", "/sign-in", POST_FORM)
    cases = {
        "another host's name": (door.raw(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), {421}),
        "no host": (door.raw(b"GET / HTTP/1.1\r\n\r\n"), {421}),
        "two hosts": (door.raw(door.head("GET", "/", "Host: evil.example")), {421}),
        "a long line": (door.raw(door.head("GET", "/" + "a" * 20000)), {414, 400}),
        "a long header": (door.raw(door.head("GET", "/", "X: " + "a" * 100_000)), {400}),
        "600 headers": (door.raw(door.head("GET", "/", *["X: 1"] * 600)), {400}),
        "length and chunks": (door.raw(door.head(*post, "Content-Length: 3", "Transfer-Encoding: chunked") + b"0\r\n\r\n"), {411}),
        "a negative chunk": (door.raw(door.head(*post, "Transfer-Encoding: chunked") + b"-2\r\nxx\r\n"), {411}),
        "two lengths": (door.raw(door.head(*post, "Content-Length: 3", "Content-Length: 4") + b"a=1"), {400}),
        "a negative length": (door.raw(door.head(*post, "Content-Length: -1")), {400}),
        "a length of 5 GB": (door.raw(door.head(*post, "Content-Length: 5000000000")), {413}),
        "a method we lack": (door.raw(door.head("DELETE", "/", "Content-Length: 0")), {405}),
        "OPTIONS": (door.raw(door.head("OPTIONS", "/")), {405}),
        "a body on GET": (door.raw(door.head("GET", "/sign-in", "Content-Length: 5") + b"a=1&b"), {400}),
        "no method at all": (door.raw(b"\x00\x01\x02\r\n\r\n"), {400, 0}),
        "an encoded NUL": (door.raw(door.head("GET", "/sign-in%00.css")), {400}),
        "a foreign address": (door.raw(door.head("GET", "http://evil.example/")), {400}),
    }
    for what, (answer, wanted) in cases.items():
        found.check(f"{what} is refused", status_of(answer) in wanted, answer[:60])
        found.check(f"{what}: every answer has the policy", answer == b"" or b"Content-Security-Policy: default-src 'none'" in answer)
    for path in ("/../etc/passwd", "/..%2f..%2fetc/passwd", "/assets/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                 "/assets/x/app.css%00.txt", "/....//etc/passwd", "/assets/%5c..%5c..", "/static/app.css"):
        answer = door.raw(door.head("GET", path))
        found.check(f"{path} leads nowhere", status_of(answer) in (400, 404) and b"root:" not in answer, answer[:40])
    nul = pages.style() + "%00.txt"
    found.check(f"{nul} is no name of a file", door.status("GET", nul) == 400, door.status("GET", nul))
    found.check("the server is well", alive(door))


def floods(pages, found):
    with memory_bounded(pages.door, found, "giants"):
        send_giants(pages, found)


def send_giants(pages, found):
    door = pages.door
    before = door.memory_mb()
    post = ("POST", "/sign-in", POST_FORM)
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    answer = door.raw((door.head(*post, "Transfer-Encoding: chunked"), *[chunk] * 300, b"0\r\n\r\n"))
    found.check("300 MB in chunks is refused before it is read", status_of(answer) in (411, 0), answer[:40])
    packed = bomb()
    answer = door.raw((door.head(*post, "Content-Encoding: gzip", f"Content-Length: {len(packed)}"), packed))
    found.check("a compressed body is refused", status_of(answer) in (415, 0), answer[:40])
    megabyte = b"a" * 1_000_000
    answer = door.raw((b"GET / HTTP/1.1\r\nHost: " + door.host.encode() + b"\r\nX: ", *[megabyte] * 200, b"\r\n\r\n"))
    found.check("a header of 200 MB is refused", status_of(answer) in (400, 0), answer[:40])
    answer = door.raw((b"GET / HTTP/1.1\r\nHost: " + door.host.encode() + b"\r\n", *[b"X: 1\r\n" * 10_000] * 60, b"\r\n"))
    found.check("600,000 headers are refused", status_of(answer) in (400, 0), answer[:40])
    style = pages.style()
    whole = len(door.raw(door.head("GET", style)))
    overlapping = ",".join(f"0-{i}" for i in range(600))
    answer = door.raw(door.head("GET", style, f"Range: bytes={overlapping}"))
    found.check("600 overlapping ranges are not served", len(answer) <= whole + 500 and status_of(answer) != 206, len(answer))
    answer = door.raw(door.head("GET", style, "Range: bytes=0-9"))
    found.check("a range gets the whole", status_of(answer) == 200 and len(answer) >= whole - 500, status_of(answer))
    found.check("memory stayed bounded", door.memory_mb() - before < 40, door.memory_mb() - before)


def desync(pages, found):
    door = pages.door
    inner = door.head("GET", "/smuggled")
    length = f"Content-Length: {len(inner)}"
    too_many = [f"A{i}: b" for i in range(200)]
    refused = {
        "forged": ("POST", pages.posts_to, length, EVIL),
        "without token": ("POST", pages.posts_to, length),
        "compressed": ("POST", pages.posts_to, length, "Content-Encoding: gzip"),
        "GET with body": ("GET", "/sign-in", length),
        "HEAD with body": ("HEAD", "/sign-in", length),
        "GET with a length that has a sign": ("GET", "/sign-in", f"Content-Length: +{len(inner)}"),
        "GET with a length and more": ("GET", "/sign-in", f"{length} x"),
        "GET with two lengths": ("GET", "/sign-in", "Content-Length: 0", length),
        "chunked": ("POST", pages.posts_to, "Transfer-Encoding: chunked"),
        "too many fields": ("GET", "/sign-in", *too_many),
        "HEAD with too many fields": ("HEAD", "/sign-in", *too_many),
        "no HTTP at all": ("nonsense nonsense",),
    }
    for what, head in refused.items():
        answer = door.raw(a_moment_later(door.head(*head), inner))
        found.check(f"{what}: the body never becomes a second request", answers_in(answer) <= 1, answers_in(answer))


# A status of 0: the connection ends without an answer, as it must where one to HEAD could not be followed by that.
def ranges(pages, found, more=None):
    """`more`: what else to ask for, as {what: (status, body, *head)}."""
    door = pages.door
    asked = {
        "a page": (200, "GET", "/sign-in"), "the head of a page": (200, "HEAD", "/sign-in"),
        "a file": (200, "GET", pages.style()), "no page": (404, "GET", "/nobody"),
        "a method we lack": (405, "PUT", "/"), "another": (405, "DELETE", pages.posts_to),
        "another host": (421, "GET", "/", "Host: evil.example"),
        "an embedded page": (403, "GET", "/", "Sec-Fetch-Site: cross-site"),
        "GET with a body": (400, "GET", "/", "Content-Length: 5"), "HEAD with a body": (0, "HEAD", "/", "Content-Length: 5"),
        "no length": (411, "POST", pages.posts_to, POST_FORM),
        "a compressed form": (415, "POST", pages.posts_to, POST_FORM, "Content-Encoding: gzip", "Content-Length: 0"),
        "a type we lack": (415, "POST", pages.posts_to, "Content-Type: text/plain", "Content-Length: 0"),
        "a foreign form": (403, "POST", pages.posts_to, POST_FORM, "Content-Length: 0", EVIL),
        "a foreign form over 16 MiB": (413, "POST", pages.posts_to, "Content-Type: text/plain", "Content-Length: 17000000",
                                       "Sec-Fetch-Site: cross-site"),
        "too many fields": (400, "GET", "/", *["X: 1"] * 600), "a long line": (414, "GET", "/" + "a" * 9000),
    }
    cases = {what: (status, b"", *head) for what, (status, *head) in asked.items()} | (more or {})
    for what, (status, body, *head) in cases.items():
        whole = door.raw(door.head(*head, "Connection: close") + body)
        found.check(f"{what} is answered with {status or 'nothing'}", status_of(whole) == status, whole[:60])
        for wanted in ("0-", "100-300", "-3", "-99999999", "0-1,3-4"):
            answer = door.raw(door.head(*head[:2], f"Range: bytes={wanted}", *head[2:], "Connection: close") + body)
            found.check(f"{what}: whole, where bytes {wanted} are asked for",
                        (status_of(answer), len(answer)) == (status, len(whole)), answer[:60])
    found.check("the server is well", alive(door))


def multipart(token, act, size):
    return ('--x\r\nContent-Disposition: form-data; name="first"\r\n\r\n-\r\n'
            f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
            f'--x\r\nContent-Disposition: form-data; name="act"\r\n\r\n{act}\r\n'
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a.tgb"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode() + b"T" * size + b"\r\n--x--\r\n"


def uploads(pages, found):
    """Where a file is brought in, a longer body is taken: from who has signed in, and one at a time."""
    target = "/by-hand/bring"
    door, before, kind = pages.door, pages.door.memory_mb(), "multipart/form-data; boundary=x"
    visitor = pages.visitor(found)
    token = visitor.token(target)
    body = multipart(token, "bring", 30_000_000)
    stranger = Visitor(door).ask("POST", target, body, kind)[0].status
    found.check("30 MB from who has not signed in are refused", stranger in (303, 403), stranger)
    found.check("and take no memory", door.memory_mb() - before < 40, door.memory_mb() - before)
    with concurrent.futures.ThreadPoolExecutor(6) as hands:
        statuses = [each[0].status for each in hands.map(lambda _: visitor.ask("POST", target, body, kind), range(6))]
    found.check("of 30 MB six times at once each is looked at alone or told to wait", set(statuses) <= {422, 503} and 422 in statuses,
                statuses)
    found.check("memory stayed bounded", door.memory_mb() < 256, door.memory_mb())
    status = door.status("POST", pages.posts_to, f"Content-Type: {kind}", f"Cookie: {visitor.cookie}",
                         f"Content-Length: {len(body)}", body=body)
    found.check("30 MB anywhere else are refused", status in (413, 0), status)
    small = multipart(token, "bring", 10)
    head = door.head("POST", target, f"Content-Type: {kind}", f"Cookie: {visitor.cookie}", f"Content-Length: {len(small)}",
                     "Connection: close")

    def in_two_pieces():
        yield head + small[:2]
        time.sleep(0.2)
        yield small[2:]

    answer = door.raw(in_two_pieces())
    found.check("a file whose first boundary comes in two pieces arrives", status_of(answer) == 422, answer[:60])


def parts(pages, found):
    """Forms in parts, signed in and with their own token, so that they are read to where they go wrong."""
    door, visitor, kind = pages.door, pages.visitor(found), "multipart/form-data; boundary=x"
    token = visitor.token(pages.page)

    def form(*more):
        each = [f'Content-Disposition: form-data; name="csrf"\r\n\r\n{token}', *more]
        return "".join(f"--x\r\n{part}\r\n" for part in each).encode() + b"--x--\r\n"

    named = 'Content-Disposition: form-data; name="a"'
    cases = {
        "no more than its token": (form(), {303}),
        "a part with a header of 900 KB": (form(f"{named}\r\nX: {'a' * 900_000}\r\n\r\n-"), {400, 413}),
        "a part with a name of 7 KB": (form(f"Content-Disposition: form-data; name={'a' * 7_000}\r\n\r\n-"), {413}),
        "a file with a name of 7 KB": (form(f"{named}; filename*=UTF-8''{'%41' * 2_300}\r\n\r\n-"), {413}),
        "20,000 parts": (form(*[f"{named}\r\n\r\n-"] * 20_000), {413}),
        "20,000 files": (form(*[f'{named}; filename="a"\r\n\r\n-'] * 20_000), {413}),
        "a part that never ends": (form()[:-7] + b"a" * 1_500_000, {400, 413}),
    }
    for what, (body, wanted) in cases.items():
        with memory_bounded(door, found, what):
            status = visitor.status("POST", pages.posts_to, body, kind)
            refused = "is taken" if 303 in wanted else "is refused"
            found.check(f"a form of {what} {refused}", status in wanted, status)
        found.check(f"a form of {what}: others are served", alive(door))


def crowds(pages, found):
    """Others are served meanwhile: those who say nothing, or little, are the ones to go."""
    door = pages.door
    for what, count, begin in (("1,000 idle connections", 1_000, None),
                               ("200 dripping heads", 200, door.head("GET", "/sign-in")[:-2] + b"X: "),
                               ("200 dripping bodies", 200, door.head("POST", "/sign-in", POST_FORM, "Content-Length: 100000"))):
        visitor = pages.visitor(found)
        token = visitor.token(pages.page)
        with memory_bounded(door, found, what), Crowd(door, count, begin, back_again=True):
            started = time.monotonic()
            statuses = [visitor.status("GET", pages.page) for _ in range(20)]
            statuses += [visitor.status("POST", pages.posts_to, f"csrf={token}")]
            print("measured: beside %s 21 pages took %.2f s" % (what, time.monotonic() - started))
            found.check(f"{what}: somebody who works is served meanwhile", statuses == [200] * 20 + [303], statuses)
        found.check(f"{what}: the server is well after", alive(door))

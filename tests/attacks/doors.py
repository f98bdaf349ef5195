"""A server as an attacker meets it: raw bytes over a socket, and what comes back."""
import contextlib
import gzip
import http.client
import re
import resource
import socket
import ssl
import threading
import time
import urllib.parse
import zlib

MEMORY_MB_MAX = 256
FORM = "application/x-www-form-urlencoded"


class Findings:
    """What was tried, and what did not hold."""

    def __init__(self):
        self.tried, self.failures = 0, []

    def check(self, what, good, seen=""):
        self.tried += 1
        print("ok:" if good else "FAILED:", what, "" if good else f"(saw {seen!r})", flush=True)
        if not good:
            self.failures.append(what)


class Door:
    """One address that answers HTTP. `source`: the address of this computer that attacks come from. `pid`: the server's
    process where it runs on this computer, for its memory."""

    def __init__(self, url, source="127.0.0.1", pid=None, certificate=None):
        parts = urllib.parse.urlsplit(url)
        self.address, self.port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
        self.host = parts.netloc
        self.source, self.pids = source, [pid] if pid else []
        self.tls = None
        if parts.scheme == "https":
            self.tls = ssl.create_default_context(cafile=certificate)

    def connect(self, wait=8.0, secured=True):
        """`secured`: with the handshake of TLS done, where the address has TLS."""
        made = socket.create_connection((self.address, self.port), timeout=wait, source_address=(self.source, 0))
        return self.tls.wrap_socket(made, server_hostname=self.address) if self.tls and secured else made

    def raw(self, data, wait=8.0):
        """Sends bytes, a generator's or plain, and reads until the server closes or falls silent."""
        answer = b""
        with self.connect(wait) as s:
            with contextlib.suppress(OSError):  # refused before all was sent
                for chunk in ([data] if isinstance(data, bytes) else data):
                    s.sendall(chunk)
            with contextlib.suppress(OSError):
                while chunk := s.recv(65536):
                    answer += chunk
                    s.settimeout(0.7)
        return answer

    def head(self, method="GET", target="/", *fields):
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.host}", *fields, "", ""]
        return "\r\n".join(lines).encode("latin-1")

    def status(self, *head, body=b""):
        return status_of(self.raw(self.head(*head) + body))

    def memory_mb(self, kind="VmRSS"):
        """Of the processes that serve it; 0 where they are not on this computer."""
        total = 0
        for pid in self.pids:
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                total += int(re.search(rf"{kind}:\s+(\d+)", status.read()).group(1)) / 1024
        return total

    def peak_mb(self):
        """The most that they took together, at worst, since forget_peak()."""
        return self.memory_mb("VmHWM")

    def forget_peak(self):
        """Only root may; without, a peak is that of all attacks until then."""
        for pid in self.pids:
            with contextlib.suppress(OSError), open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as peak:
                peak.write("5")


@contextlib.contextmanager
def memory_bounded(door, found, what):
    door.forget_peak()
    yield
    found.check(f"{what}: never over {MEMORY_MB_MAX} MB", door.peak_mb() < MEMORY_MB_MAX, door.peak_mb())


def status_of(answer):
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


def answers_in(answer):
    return answer.count(b"HTTP/1.1 ")


def a_moment_later(head, body):
    """What came in one piece with a request, a library may forget; what comes a moment later it reads."""
    yield head
    time.sleep(0.1)
    yield body


def bomb(megabytes=1_500):
    """So many zeros, packed; of one piece made once, as each ends where nothing before it is needed any more."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = packing.compress(bytes(10_000_000)) + packing.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + piece * (megabytes // 10) + packing.flush() + bytes(8)


class Crowd:
    """Connections that stay open: each with the beginning of a request and then a byte a second, or silent from the start.
    `back_again`: whoever is turned away comes again."""

    def __init__(self, door, count, begin=None, back_again=False):
        self.door, self.count, self.begin, self.back_again = door, count, begin, back_again
        self.held, self.ended = [], threading.Event()
        self.dripping = threading.Thread(target=self.drip, daemon=True)

    def come(self):
        with contextlib.suppress(OSError):
            self.held.append(self.door.connect(3.0, secured=self.begin is not None))
            if self.begin is not None:
                self.held[-1].sendall(self.begin)

    def drip(self):
        while not self.ended.wait(1.0):
            for each in self.held[:]:
                try:
                    each.sendall(b"a")
                except OSError:
                    if self.back_again:
                        self.held.remove(each)
                        self.come()

    def __enter__(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        for _ in range(self.count):
            self.come()
        if self.begin is not None:
            self.dripping.start()
            time.sleep(1.2)  # so that those who are turned away are known to be
        return self

    def __exit__(self, *_):
        self.ended.set()
        if self.begin is not None:
            self.dripping.join(10)
        for each in self.held:
            each.close()


class Visitor:
    """A browser with one cookie."""

    def __init__(self, door):
        self.door, self.cookie = door, ""

    def ask(self, method, target, body=None, kind=FORM, **fields):
        connection = http.client.HTTPConnection(self.door.address, self.door.port, timeout=20)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = kind
        headers.update({name if name.isupper() else name.replace("_", "-"): value for name, value in fields.items()})
        with contextlib.closing(connection):
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        cookie = answer.getheader("Set-Cookie") or ""
        if cookie.startswith("__Host-sid="):
            self.cookie = cookie.split(";")[0]
        return answer, text

    def status(self, *asked):
        """Of the answer; 0 where there is none."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.ask(*asked)[0].status
        return 0

    def token(self, target="/sign-in"):
        """Of the form on that page; empty where there is none."""
        found = re.search(rb'name="csrf" value="(\w+)"', self.ask("GET", target)[1])
        return found.group(1).decode() if found else ""

    def try_password(self, name, password, **fields):
        """The answer to one attempt, and its page."""
        form = urllib.parse.urlencode({"csrf": self.token(), "name": name, "password": password})
        return self.ask("POST", "/sign-in", form, **fields)

    def sign_in(self, name, password):
        return self.try_password(name, password)[0].status == 303

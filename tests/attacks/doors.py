"""A server as an attacker meets it: raw bytes over a socket, and what comes back."""
import contextlib
import http.client
import re
import socket
import ssl
import urllib.parse

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

    def memory_mb(self):
        """Of the processes that serve it; 0 where they are not on this computer."""
        total = 0
        for pid in self.pids:
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                total += int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024
        return total


def status_of(answer):
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


def answers_in(answer):
    return answer.count(b"HTTP/1.1 ")


class Visitor:
    """A browser with one cookie."""

    def __init__(self, door):
        self.door, self.cookie = door, ""

    def ask(self, method, target, body=None, kind=FORM, **fields):
        connection = http.client.HTTPConnection(self.door.address, self.door.port, timeout=20)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = kind
        headers.update({name.replace("_", "-"): value for name, value in fields.items()})
        with contextlib.closing(connection):
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        cookie = answer.getheader("Set-Cookie") or ""
        if cookie.startswith("__Host-sid="):
            self.cookie = cookie.split(";")[0]
        return answer, text

    def token(self, target="/sign-in"):
        """Of the form on that page; empty where there is none."""
        found = re.search(rb'name="csrf" value="(\w+)"', self.ask("GET", target)[1])
        return found.group(1).decode() if found else ""

    def try_password(self, name, password):
        """The answer to one attempt, and its page."""
        form = urllib.parse.urlencode({"csrf": self.token(), "name": name, "password": password})
        return self.ask("POST", "/sign-in", form)

    def sign_in(self, name, password):
        return self.try_password(name, password)[0].status == 303

#!/usr/bin/env python3
"""The real programs and a mail server in this very file: whoever something waits for is sent one e-mail that names nobody,
over TLS; a server that refuses, drops or says nothing stops nothing. Made-up people.

usage: mail_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import base64
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "node"))
from process_memory import MAY_LOOK, places  # noqa: E402
from real_programs import COMPLETE, Hub, Refused, bring_up, exchange, grounded, private_file  # noqa: E402

PASSWORD = "juniper-ledger-barnacle-7"


class MailServer:
    """Takes every mail; or closes at once ("drop"), or answers nothing ("hang"), or refuses ("refuse"), or keeps whoever has
    given the password waiting until it is told ("wait")."""
    def __init__(self, certificate, behaviour="take"):
        self.mails, self.behaviour, self.visits, self.signed_in, self.told = [], behaviour, 0, [], threading.Event()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                visitor, _ = self.door.accept()
            except OSError:
                return
            self.visits += 1
            threading.Thread(target=self.attend, args=(visitor,), daemon=True).start()

    def attend(self, visitor):
        try:
            if self.behaviour == "drop":
                return
            if self.behaviour == "hang":
                time.sleep(120)
            self.converse(visitor)
        except (OSError, ssl.SSLError):
            pass
        finally:
            visitor.close()

    def converse(self, visitor):
        is_tls, envelope, lines = False, [], visitor.makefile("rb")
        say = lambda text: visitor.sendall(text.encode() + b"\r\n")  # noqa: E731
        say("220 mail.example.org")
        while line := lines.readline():
            word = line.decode().strip().upper()
            if word.startswith("EHLO"):
                say("250-mail.example.org" + ("" if is_tls else "\r\n250 STARTTLS") + ("\r\n250 AUTH PLAIN" if is_tls else ""))
            elif word.startswith("AUTH PLAIN"):
                self.signed_in.append(base64.b64decode(line.split()[2] if len(line.split()) > 2 else self.asked_for(say, lines)))
                if self.behaviour == "wait":
                    self.told.wait(20)
                say("235 known")
            elif word == "STARTTLS":
                say("220 go on")
                visitor = self.tls.wrap_socket(visitor, server_side=True)
                lines, is_tls = visitor.makefile("rb"), True
                say = lambda text: visitor.sendall(text.encode() + b"\r\n")  # noqa: E731
            elif word.startswith("RCPT") and self.behaviour == "refuse":
                say("550 no such mailbox")
            elif word.startswith(("MAIL", "RCPT")):
                envelope.append(line.decode().strip())
                say("250 good")
            elif word == "DATA":
                say("354 go on")
                text = b""
                while (part := lines.readline()) not in (b".\r\n", b""):
                    text += part
                self.mails.append((is_tls, envelope, text.decode()))
                say("250 taken")
            elif word == "QUIT":
                return say("221 bye")
            else:
                say("250 good")


    @staticmethod
    def asked_for(say, lines):
        say("334 ")
        return lines.readline()


def certificate(folder):
    path = folder / "mail.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out",
                    str(folder / "ca.pem")], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (folder / "ca.pem").read_bytes())
    return path


def wait_until(what, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    raise Refused("this did not come about in time")


def with_mail(hub, plain, server, folder, organisation):
    """Another start of the hub, with this mail server."""
    hub.stop()
    pathlib.Path(hub.settings).write_text(plain + f"""
[mail]
host = "127.0.0.1"
port = {server.port}
certificate = "{folder}/ca.pem"
from = "throughgate@example.org"
user = "hub"
password_file = "{folder}/mail.password"
after_minutes = 0
every_seconds = 1
[mail.to]
{organisation} = "office@example.org"
""")
    return hub.serve()


def read(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def failed_mails(url):
    return int(next(line.rsplit(" ", 1)[1] for line in read(url + "/metrics").splitlines() if 'mails_total{outcome="failed"}' in line))


def wiped_once_sent(hub, server):
    """The password: there while the server keeps the hub waiting, and in no memory of it afterwards."""
    forms = {"password": PASSWORD.encode(), "as sent": base64.b64encode(b"\0hub\0" + PASSWORD.encode())}
    wait_until(lambda: server.signed_in)
    assert server.signed_in[0] == b"\0hub\0" + PASSWORD.encode(), server.signed_in
    assert not MAY_LOOK or places(hub.process.pid, forms)["password"] > 0  # the search sees what is there
    server.told.set()
    wait_until(lambda: server.mails)
    if MAY_LOOK:
        wait_until(lambda: not any(places(hub.process.pid, forms).values()), 10)


def says_nothing_of_anybody(mail):
    is_tls, envelope, text = mail
    assert is_tls and envelope == ["MAIL FROM:<throughgate@example.org>", "RCPT TO:<office@example.org>"], mail
    head, body = text.replace("\r\n", "\n").split("\n\n", 1)
    assert body == "Something waits for you in Throughgate. Sign in and sync.\n", body
    assert "Subject: Something waits for you in Throughgate" in head, head
    assert not any(word in text for word in ("Invented", "Alex", "HMP", "Made", "Partner", "Central", "handover")), text


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hub, key = Hub(folder), certificate(folder)
        private_file(folder / "mail.password", PASSWORD)
        plain = pathlib.Path(hub.settings).read_text()
        try:
            desk, prison, partner = bring_up(folder, hub)
            to = next(row["number"] for row in desk.json("desk", "directory") if row["name"] == "Made-Up Partner")
            exchange(prison, partner, desk, partner)
            case = prison.json("handover", "new", "family-name=Invented")["record"]
            prison.json("record", "set", case, *COMPLETE)
            prison.json("record", "new", "need", "pathway=Somewhere to live", "--in", case)
            grounded(prison, case)
            prison.run("handover", "share", case, "--with", "Made-Up Partner")
            exchange(prison)

            for behaviour in "refuse", "drop", "hang":  # what waits, waits on; the hub answers meanwhile
                (folder / "hub.db.mail").unlink(missing_ok=True)
                server = MailServer(key, behaviour)
                url = with_mail(hub, plain, server, folder, to)
                wait_until(lambda: server.visits > 0)
                assert read(url + "/healthz") == "ok\n"
                exchange(prison)
                wait_until(lambda: failed_mails(url) > 0)
                assert not server.mails
                log = pathlib.Path(hub.settings).with_suffix(".log").read_text()
                assert "mail not sent" in log and "@" not in log and to not in log, log
            other = MailServer(certificate(folder))  # of another name and key: nobody vouches for it
            certificate(folder)
            url = with_mail(hub, plain, other, folder, to)
            wait_until(lambda: failed_mails(url) > 0)
            assert not other.mails

            server = MailServer(folder / "mail.pem", "wait")
            with_mail(hub, plain, server, folder, to)
            wiped_once_sent(hub, server)
            says_nothing_of_anybody(server.mails[0])
            prison.json("record", "set", case, "release-area=Bradford")
            exchange(prison)
            with_mail(hub, plain, server, folder, to)  # a restart forgets nothing
            time.sleep(4)
            assert len(server.mails) == 1, server.mails
            (folder / "hub.db.mail").unlink()
            exchange(partner)
            url = with_mail(hub, plain, server, folder, to)
            exchange(partner)  # was here: nothing waits
            time.sleep(4)
            before = len(server.mails)
            time.sleep(3)
            assert len(server.mails) == before
        finally:
            hub.stop()
    print("mail: all as promised")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))

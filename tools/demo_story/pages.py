"""A site's pages, asked as a browser asks: signed in with a cookie, forms sent back with what they hide."""
import contextlib
import datetime
import html
import http.client
import re
import subprocess
import urllib.parse
import zoneinfo

from world import PASSWORD, Broken, free_port

DAY_AND_TIME = r"\d{1,2} \w+ \d{4} at [\w:]+"


def time_told(words):
    """What pages mean by "20 November 2026 at 10:14am", "... at 10am" or "... at midday"."""
    day, clock = words.split(" at ")
    clock = {"midnight": "12am", "midday": "12pm"}.get(clock, clock)
    hour, minute, half = re.fullmatch(r"(\d+)(?::(\d+))?(am|pm)", clock).groups()
    hour = int(hour) % 12 + (12 if half == "pm" else 0)
    local = datetime.datetime.strptime(day, "%d %B %Y").replace(hour=hour, minute=int(minute or 0),
                                                                tzinfo=zoneinfo.ZoneInfo("Europe/London"))
    return local.astimezone(datetime.timezone.utc)


def words_of(page):
    """What a person reads on it, in one line."""
    main = re.search(r"<main.*?</main>", page, re.S)
    text = re.sub(r"<(script|style).*?</\1>", " ", main.group(0) if main else page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


class Pages:
    """One person in front of a site's pages."""

    def __init__(self, site, port):
        self.site, self.port, self.cookie = site, port, ""

    def ask(self, method, path, fields=None, expect=200):
        """The page in the end: redirects are followed. Fields are pairs, as one name may stand twice."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None
        if fields is not None:
            body, headers["Content-Type"] = urllib.parse.urlencode(fields), "application/x-www-form-urlencoded"
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        for given in answer.headers.get_all("Set-Cookie") or ():
            self.cookie = given.split(";")[0]
        if answer.status == 303:
            return self.ask("GET", answer.headers["Location"])
        if answer.status != expect:
            raise Broken(f"{self.site.name}, page {path}: status {answer.status}: {words_of(text)[:300]}")
        return text

    def read(self, path):
        return words_of(self.ask("GET", path))

    def send(self, path, action, expect=200, **fields):
        """Opens a page, fills the form that goes to `action`, and sends it with what the form hides. `expect`: the status of
        the page that comes back; 422 where the form is to be refused."""
        page = self.ask("GET", path)
        form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)
        if not form:
            raise Broken(f"{self.site.name}, page {path}: no form goes to {action}")
        hidden = [tuple(html.unescape(re.search(rf'{part}="([^"]*)"', tag).group(1)) for part in ("name", "value"))
                  for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', form.group(0))]
        return words_of(self.ask("POST", action, [*hidden, *fields.items()], expect))

    def sign_in(self):
        self.send("/sign-in", "/sign-in", name=self.site.sign_in, password=PASSWORD)


@contextlib.contextmanager
def served(site, *more):
    """The process that serves a site's pages, until the end of the block; its port."""
    port = free_port()
    process = site.start("serve", "--port", str(port), *more, stdout=subprocess.PIPE)
    try:
        if not process.stdout.readline():
            raise Broken(f"{site.name} does not serve its pages")
        yield port
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@contextlib.contextmanager
def signed_in(site):
    """Pages of a site with its first member of staff in front of them. Nothing syncs by itself meanwhile."""
    with served(site, "--sync-every", "0") as port:
        pages = Pages(site, port)
        pages.sign_in()
        yield pages

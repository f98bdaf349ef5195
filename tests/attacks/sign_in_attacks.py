"""Guessing at a site's sign-in: what gets through, what an answer gives away, and what a stolen or made-up session is good
for. The last of them leaves the sign-in slowed down for everybody."""
import concurrent.futures
import re
import statistics
import time

from doors import Visitor, memory_bounded

GUESSES = 300
NEITHER = b"name and password"  # of the one answer that there is


def bare(page):
    """Without what differs from one answer to the next anyway."""
    return re.sub(rb'value="[^"]*"', b"", page)


def sessions(pages, found):
    """A session is what the server gave, to one browser, until it ends."""
    visitor, stranger = pages.visitor(found), Visitor(pages.door)
    before = visitor.cookie
    for made_up in ("", "a", "0" * 64, "../../etc/passwd", "%00", "a" * 3_000):
        stranger.cookie = f"__Host-sid={made_up}"
        answer, text = stranger.ask("GET", "/")
        shut = answer.status in (303, 400, 401) or b'name="password"' in text
        found.check(f"a made-up session of {len(made_up)} letters opens nothing", shut, answer.status)
    fixed = Visitor(pages.door)
    fixed.ask("GET", "/sign-in")
    planted = fixed.cookie
    fixed.sign_in(pages.name, pages.password)
    found.check("signing in gives another session than the one before", fixed.cookie != planted)
    old = Visitor(pages.door)
    old.cookie = planted
    found.check("the one from before signing in opens nothing", old.ask("GET", pages.page)[0].status != 200)
    token = visitor.token(pages.page)
    found.check("another's token is no good", fixed.ask("POST", pages.posts_to, f"csrf={token}")[0].status == 403)
    visitor.ask("POST", "/sign-out", f"csrf={token}")
    gone = Visitor(pages.door)
    gone.cookie = before
    found.check("a session that was ended opens nothing", gone.ask("GET", pages.page)[0].status != 200)


def names(pages, found):
    """Nothing but its time could tell a name that exists from one that does not; the time is measured and said."""
    answers, times = {}, {"known": [], "unknown": []}
    for kind, name in (("known", pages.name), ("unknown", "nobody-of-this-name")):
        visitor = Visitor(pages.door)
        answers[kind] = visitor.try_password(name, "not the password, surely")
        pages.visitor(found)  # the right password ends the wait of this name
    known, unknown = answers["known"], answers["unknown"]
    found.check("a wrong name and a wrong password have the same status", known[0].status == unknown[0].status,
                (known[0].status, unknown[0].status))
    found.check("and the same page", bare(known[1]) == bare(unknown[1]), (len(known[1]), len(unknown[1])))
    for turn in range(6):
        for kind, name in (("known", pages.name), ("unknown", f"nobody-{turn // 3}")):
            visitor = Visitor(pages.door)
            started = time.monotonic()
            visitor.try_password(name, "not the password, surely")
            times[kind].append(1000 * (time.monotonic() - started))
        if turn % 3 == 1:
            pages.visitor(found)
    print("measured: a wrong password of a known name takes %.0f ms, of an unknown one %.0f ms (medians of %d)" % (
        *(statistics.median(times[kind]) for kind in ("known", "unknown")), len(times["known"])))


def guesses(pages, found):
    """As a program would, on several lines at once, each from another address if one were to believe it: most get no
    further than the wait."""
    def guess(number):
        name = pages.name if number % 2 else f"name{number}"
        return Visitor(pages.door).try_password(name, f"guess number {number}", REMOTE_ADDR=f"6.6.6.{number % 250}",
                                                X_Forwarded_For=f"6.6.6.{number % 250}")[0].status

    with memory_bounded(pages.door, found, "guessing"), concurrent.futures.ThreadPoolExecutor(4) as hands:
        statuses = list(hands.map(guess, range(GUESSES)))
    waits = sum(status == 429 for status in statuses)
    print("measured: of %d guesses %d were let through, %d had to wait" % (GUESSES, GUESSES - waits, waits))
    found.check("most guesses have to wait, and none gets in", waits > GUESSES / 2 and 303 not in statuses,
                sorted(set(statuses)))

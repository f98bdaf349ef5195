"""How one handover shows on a computer: in its commands, and on its pages."""
import re

from pages import words_of
from world import Broken

NAME = "Quillfeather"
COMPLETE = ["given-name=Alex", f"family-name={NAME}", "date-of-birth=1990-05-06", "prison-number=A1234BC",
            "establishment=LEI", "languages=English", "communication-needs=none", "release-date=2099-12-04",
            "release-date-confidence=Likely", "release-type=CR", "release-area=Leeds",
            "contact-route=through the prison", "risk-to-staff=Medium", "risk-to-public=Medium",
            "licence-headline=not near the old town", "first-appointment-on=2099-12-04",
            "sender-telephone=07700 900100"]
# What nobody may find who does not share the handover.
ITS_WORDS = [NAME, "A1234BC", "not near the old town", "Main gate", "Cat, 07700 900111"]
COVERS = ("IDENTITY", "CONTACT", "RELEASE", "RISK_FLAGS", "RISK_LEVELS", "LICENCE", "NEEDS", "HEALTH")
GROUND = ("--law", "UK GDPR", "--ground", "Public task", "--purpose", "support after release",
          *(word for kind in COVERS for word in ("--what", kind)))
DATES, RISKS = ("1 December 2099", "15 December 2099"), ("High", "Low")
DATE_FIELD = "Expected release date"
FIRST_DATE, DECIDED_DATE = f"{DATE_FIELD}: 4 December 2099", f"{DATE_FIELD}: 2 December 2099"
ON_A_DAY = r"on \d{1,2} \w+ \d{4}"


def change_of(site, case, field, value=None):
    """Where a change that stands has come, and whether somebody here has yet to read it."""
    for row in site.json("handover", "show", case)["changes"]:
        if row["field"] == field and value in (None, row["value"]):
            return row
    raise Broken(f"{site.name} shows no change of: {field} {value or ''}")


def where_is(site, case, field):
    return change_of(site, case, field)["where_it_is"]


def standing(pages, partner):
    """Of one partner, what the page about sending and receiving counts."""
    page = pages.read("/sync")
    found = re.search(rf"{partner} .*?\b(\d+) (\d+) (\d+) (\d+)\b", page)
    if not found:
        raise Broken(f"{pages.site.name}'s page does not speak of {partner}: {page[:500]}")
    handovers, waiting, not_arrived, unread = map(int, found.groups())
    return {"handovers": handovers, "not sent yet": waiting, "not arrived yet": not_arrived, "to read": unread > 0}


def handover_page(story, *more):
    return "/".join(["/handovers", story.case, *more])


def told_of(pages, story, change):
    """Of one change, where the page of the handover says that it has come."""
    for item in pages.ask("GET", handover_page(story)).split('class="moj-timeline__item"')[1:]:
        if f'change__words">{change}<' not in item:
            continue
        words = words_of("<div" + item)
        if "Not sent yet" in words:
            return "Not sent yet"
        travel = re.search(rf"Sent {ON_A_DAY}(?: Reached us {ON_A_DAY} at [\w:]+)?(?: Arrived at .+? \(.+?\))*", words)
        read = re.search(rf"{change}((?: Read by .+?, {ON_A_DAY})*)", words)
        return travel.group() + read.group(1) if travel else words
    return f"nothing of {change}"

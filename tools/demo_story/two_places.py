"""What was changed in two places: how it is seen by those who share the record, and step 7, in which it is decided."""
import collections
import datetime
import re

from pages import DAY_AND_TIME, signed_in, time_told, words_of
from views import DATE_FIELD, DATES, DECIDED_DATE, NAME, ON_A_DAY, RISKS, handover_page, told_of, where_is
from world import Broken, see, see_part, see_words, sync

RISK_FIELD = "Risk to the public"
DIFFERING = "/changed-in-two-places"
Decision = collections.namedtuple("Decision", "field label value person organisation why")
DECISIONS = [Decision("release-date", DATE_FIELD, "2 December 2099", "Ann Example", "HMP Leeds",
                      "confirmed by the offender management unit"),
             Decision("risk-to-public", RISK_FIELD, "High", "Dee Example", "Central Team",
                      "agreed with both by telephone")]


def compare_page(pages, label):
    """Where both values of this field stand side by side."""
    found = re.search(rf'href="({DIFFERING}/[^"]+)">{label}<', pages.ask("GET", DIFFERING))
    if not found:
        raise Broken(f"{pages.site.name}'s list of what was changed in two places does not speak of: {label}")
    return found.group(1)


def see_both_values(story, site, pages):
    who_decides = {story.leeds: "You decide", story.bridge: "HMP Leeds", story.desk: "HMP Leeds, or you if asked"}[site]
    for label, (leeds_value, bridge_value), (leeds_why, bridge_why) in (
            (DATE_FIELD, DATES, ("brought forward", "heard by telephone")),
            (RISK_FIELD, RISKS, ("new information", "seems calm"))):
        see_part("   in its list", pages.read(DIFFERING),
                 f"{label} in Handover of Alex {NAME} .*?{leeds_value} HMP Leeds {bridge_value} Bridge Trust {who_decides}")
        page = pages.read(compare_page(pages, label))
        came = {site: "Sent on", **{other: "Reached us on" for other in (story.leeds, story.bridge) if other is not site}}
        see_part("   side by side", page, f"{leeds_value} Shown until decided HMP Leeds, Ann Example Entered on .*?"
                 f"{came[story.leeds]} .*?Reason: {leeds_why}")
        see_part("   and", page,
                 f"{bridge_value} Bridge Trust, Cat Example Entered on .*?{came[story.bridge]} .*?Reason: {bridge_why}")


def decided(story):
    """The prison decides the date with a reason, the desk is asked to decide the risk; all see who did, and since when"""
    decide(story)
    hear(story)


def decide(story):
    with signed_in(story.bridge) as pages:
        page = pages.ask("GET", compare_page(pages, DATE_FIELD))
        see_part("the partner reads", words_of(page), "HMP Leeds keeps this record and decides[.]")
        see("   and has nothing to decide with", "value-kept" in page, False)
    see_words("   nor by command",
              story.bridge.refused("conflict", "resolve", story.date, "--value", "2099-12-15", "--reason", "ours"),
              "The organisation that keeps this record decides which value holds.*")
    date, risk = DECISIONS
    with signed_in(story.leeds) as pages:
        where = compare_page(pages, DATE_FIELD)
        answers = {"value-kept": "other", "release-date-day": "2", "release-date-month": "12", "release-date-year": "2099"}
        see_part("the prison decides on its page", pages.send(where, where, **answers, reason=date.why),
                 "Decided[.].*What holds 2 December 2099 .*?Not sent yet")
    with signed_in(story.desk) as pages:
        where = compare_page(pages, RISK_FIELD)
        stricter = {"value-kept": choice_of(pages.ask("GET", where), "High")}
        see_part("the desk may not, unasked", pages.send(where, where, expect=422, **stricter, reason="x"),
                 "HMP Leeds still has time to decide")
        see_part("   and asked it does", pages.send(where, where, **stricter, asked="yes", reason=risk.why),
                 "Decided[.].*What holds High ")


def choice_of(page, value):
    """What the form of this page sends for the change with this value."""
    for choice in re.findall(r'<input[^>]*name="value-kept".*?</label>', page, re.S):
        if f'compare__value">{value}<' in choice:
            return re.search(r'value="([^"]+)"', choice).group(1)
    raise Broken(f"no such value is offered: {value}")


def hear(story):
    leeds, bridge, desk, case = story.leeds, story.bridge, story.desk, story.case
    heard = {}  # from when to when each did the sync that brings it what others decided
    for site in (leeds, desk, leeds, bridge):
        began = now()
        sync(site)
        heard[site] = began, now()
    sync(desk, leeds, bridge, leeds)
    for site in (bridge, desk, leeds):
        see(f"{site.name}: still in two places", site.json("conflict", "list"), [])
        for decision in DECISIONS:
            see_decision(site, case, decision, heard[site])
        see_decisions_on_page(story, site, heard[site])
    see_words("the decided date, as HMP Leeds sees it", where_is(leeds, case, DATE_FIELD),
              rf"Sent {ON_A_DAY}[.] .*Arrived at Bridge Trust \(Reception PC\)[.].*")
    bridge.run("handover", "read", case)
    sync(bridge, leeds)
    with signed_in(leeds) as pages:
        see_words("   and once it was read", told_of(pages, story, DECIDED_DATE),
                  f".*Read by Cat Example, Bridge Trust, {ON_A_DAY}")


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def see_decision(site, case, decision, heard):
    last = site.json("record", "history", case, "--field", decision.field)[0]
    see(f"   {decision.field}: who decided, why", (last["value"], last["who"], last["why"]),
        (decision.value, decision.person, decision.why))
    if site.name != decision.organisation:
        reached = datetime.datetime.strptime(last["reached_us"] + "+0000", "%Y-%m-%d %H:%M UTC%z")
        see_reached_in(f"   and it reached {site.name}", reached, heard)


def see_reached_in(what, reached, heard):
    """Times are told to the minute, in which a sync may begin and end."""
    began, ended = heard
    inside = began.replace(second=0, microsecond=0) <= reached <= ended
    see(f"{what} at {reached:%H:%M} UTC, in the sync from {began:%H:%M:%S} to {ended:%H:%M:%S}", inside, True)


def see_decisions_on_page(story, site, heard):
    with signed_in(site) as pages:
        page = pages.read(handover_page(story))
    see("   its page speaks of two places", "in two places" in page, False)
    for each in DECISIONS:
        ours = site.name == each.organisation
        travel = rf"Sent {ON_A_DAY}" + ("(?! Reached us)" if ours else rf" Reached us on ({DAY_AND_TIME})")
        found = see_part("   it says", page, rf"{each.label} changed by {each.person}, {each.organisation} {DAY_AND_TIME} "
                         rf"Why: {each.why} {each.label}: {each.value} {travel}")
        if not ours:
            see_reached_in("   which is", time_told(found.group(1)), heard)

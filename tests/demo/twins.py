"""What may go wrong in the story: for each step some twins, each with one thing gone wrong that the step must notice."""
import collections

import damage
import hard_times
import two_places
from sabotage import (adds_a_row, after_first, agrees_with_harbour, applies_by_that_name, before, both,
                      flipped_in_the_next_page, history_shows_when_saved, hub_is_back_for_a_while, killed_too_late,
                      leaves_an_export, lowered_risk_holds, never_sent, on_command, page_shows_when_saved,
                      searching_the_hub, sets, without, without_effect)
from two_places import DIFFERING, RISK_FIELD
from views import DATE_FIELD, GROUND, NAME
from world import Site, World, sync

# The step that must break; what has gone wrong; what the step's last words must say; how; and where the world goes on
# from, when that is not just before the step.
Twin = collections.namedtuple("Twin", "step wrong says sabotage goes_on_from", defaults=[None])


def still_in_two_places(*fields):
    """These and no other."""
    rows = ", ".join(rf"\{{[^}}]*'{field}'[^}}]*\}}" for field in fields)
    return rf"Bridge Trust: still in two places: .*saw \[{rows}\]"


TWINS = [
    Twin(1, "nobody approves a site", "The central team has not let this computer in yet[.]",
         lambda story: without("Central Team", "desk", "approve")),
    Twin(2, "a sheet is changed after its dry run", "HMP Leeds: rows made, as the dry run said: wanted 12, saw 13",
         lambda story: on_command("HMP Leeds", ("volunteer", "import"), lambda real: (real(), adds_a_row(story))[0])),
    Twin(2, "one prison does not sync", "volunteers at the desk: wanted 23, saw 12",
         lambda story: without("HMP Durham", "sync")),
    Twin(3, "the ground is recorded too early", r"handover share \w+ --with Bridge Trust: exit code 0, not 1",
         lambda story: before("HMP Leeds", "record", "new", "need",
              do=lambda: story.leeds.run("handover", "basis", story.case, "--with", "Bridge Trust", *GROUND))),
    Twin(3, "there is an agreement with the wrong partner",
         "no agreement: .*saw .No ground for sharing with Harbour Project",
         lambda story: before("HMP Leeds", "handover", "basis", do=lambda: agrees_with_harbour(story))),
    Twin(4, "the partner does not sync", r"handovers at Bridge Trust: .*saw \[\]",
         lambda story: without("Bridge Trust", "sync")),
    Twin(4, "nobody says that it was read",
         r"she says so: .*saw 'Sent on [\w ]+[.] Arrived at Bridge Trust \(Reception PC\)[.]'$",
         lambda story: never_sent("/read")),
    Twin(5, "the hub stays up", "hmp-leeds.* sync: exit code 0, not 1",
         lambda story: without_effect(World, "stop_hub")),
    Twin(5, "the partner has heard of the prison's changes",
         r"Bridge Trust knows nothing of it: .*saw \('High', '2099-12-01', None\)",
         lambda story: before("Bridge Trust", "record", "show", do=lambda: hub_is_back_for_a_while(story))),
    Twin(5, "the risk that the partner lowers is lower there",
         r"Bridge Trust: risk, date, place: .*saw \('Low', '2099-12-15', 'Main gate'\)",
         lowered_risk_holds),
    Twin(6, "the prison has lowered the risk again",
         r"HMP Leeds: risk, date, place: .*saw \('Low', '2099-12-01', 'Main gate'\)",
         lambda story: before("HMP Leeds", "sync", do=lambda: sets(story.leeds, story, "risk-to-public=Low"))),
    Twin(6, "the partner does not sync", r"HMP Leeds: risk, date, place: .*saw \('High', '2099-12-01', None\)",
         lambda story: without("Bridge Trust", "sync")),
    Twin(6, "the partner has read the date before",
         "on its first page: .*saw '(?!.*change.? to read).*2 details changed in two places",
         lambda story: before("Bridge Trust", "conflict", "list",
              do=lambda: story.bridge.run("handover", "read", story.case))),
    Twin(7, "the prison does not decide", still_in_two_places(DATE_FIELD),
         lambda story: never_sent(DIFFERING, by="HMP Leeds")),
    Twin(7, "the desk does not decide", still_in_two_places(RISK_FIELD),
         lambda story: never_sent(DIFFERING, by="Central Team")),
    Twin(7, "the partner does not hear of it", still_in_two_places(DATE_FIELD, RISK_FIELD),
         lambda story: without("Bridge Trust", "sync")),
    Twin(7, "its history says when it was saved", "it reached Bridge Trust at .*saw False",
         lambda story: both(without_effect(two_places, "decide"), history_shows_when_saved(story)), "decided"),
    Twin(7, "its page says when it was saved", "which is at .*saw False",
         lambda story: both(without_effect(two_places, "decide"), page_shows_when_saved(story)), "decided"),
    Twin(8, "the other prison has a copy", r"HMP Durham: handovers listed: .*saw \['Otherwise', 'Quillfeather'\]",
         lambda story: before("HMP Durham", "handover", "list",
              do=lambda: story.durham.run("handover", "new", f"family-name={NAME}"))),
    Twin(8, "the other partner has a word of it where no list shows it",
         r"in its store, pages that hold .*saw \['main gate'\]",
         lambda story: before("Harbour Project", "sync",
              do=lambda: story.harbour.run("record", "new", "incident", "happened-on=2026-11-01", "kind=Other",
                                           "what-happened=Main gate"))),
    Twin(8, "the hub comes to know the name", r"in the hub's store, the same .*saw \['quillfeather'\]",
         lambda story: searching_the_hub(lambda: applies_by_that_name(story))),
    Twin(8, "an export is left in the clear", r"hold any of it in the clear: .*saw \['export.txt'\]",
         lambda story: searching_the_hub(lambda: leaves_an_export(story))),
    Twin(9, "a sync ends before it is killed", "of 3 syncs only 0 were killed in their middle",
         lambda story: killed_too_late()),
    # Killed late it had sent all that it had, and misses only what the others have written since.
    Twin(9, "the killed node is not started again",
         r"HMP Leeds(?: waits to send: wanted 0, saw [1-9]|: known as, notes: .*saw \('Mark 2', \[\]\))",
         lambda story: without("HMP Leeds", "sync")),
    Twin(9, "the desk does not sync", r"the desk misses, .*saw \['Killwood",
         lambda story: without("Central Team", "sync")),
    Twin(9, "no old copy is put back", "Bridge Trust, put back, knows the notes: .*saw .*'after the copy'",
         lambda story: without_effect(Site, "put_back")),
    Twin(10, "the partner has missed the last change", "those with differing digests: wanted 0, saw 1",
         lambda story: both(without("Bridge Trust", "sync"),
                            before("HMP Leeds", "sync", do=lambda: sets(story.leeds, story, "known-as=Lex")))),
    Twin(10, "no bit is flipped", "check --digest: exit code 0, not 1",
         lambda story: without_effect(damage, "flip_bit")),
    Twin(10, "check names another page", "one bit changed in page 1: saw .The store is damaged: its page 2 ",
         lambda story: flipped_in_the_next_page()),
    Twin(11, "the stick is lost", "There is no such organisation in the central list",
         lambda story: without_effect(hard_times, "carry")),
    Twin(11, "nobody approves a site", "enrol --approval .*exit code 1, not 0.*There is no such file",
         lambda story: without("Central Team", "desk", "approve")),
    Twin(12, "the partner has sent its work before", r"written too late, at Bridge Trust: wanted one, saw \[\]",
         lambda story: before("HMP Leeds", "handover", "remove-partner", do=lambda: sync(story.bridge, story.leeds))),
    Twin(12, "the partner does not hear of it", r"handovers at Bridge Trust: wanted \[\], saw \[\{",
         lambda story: without("Bridge Trust", "sync")),
    Twin(13, "the laptop is not withdrawn", "sync: exit code 0, not 1",
         lambda story: without("Central Team", "desk", "revoke")),
    Twin(13, "the prison does not sync", "the laptop reads volunteers: wanted 11, saw 0",
         lambda story: without("HMP Durham", "sync")),
    Twin(14, "the desk signs nothing", r"Central Team's store .*saw \[.*'quillfeather'",
         lambda story: without("Central Team", "desk", "erase")),
    Twin(14, "one site does not hear of it", r"HMP Leeds's store .*wanted \[\], saw \[.*'quillfeather'",
         lambda story: on_command("HMP Leeds", ("sync",), after_first())),
    Twin(15, "the hub's disk is still there", "init: exit code 1, not 0",
         lambda story: without_effect(hard_times, "burn")),
    Twin(15, "one site does not bring back what it had", "what still waits to be sent.*saw .*1",
         lambda story: without("HMP Durham", "sync")),
]

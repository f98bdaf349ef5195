"""Made-up data of realistic size: volunteers at each site, and handovers between them at every stage there is.

tools/generate_data says who they are and how far each handover has come; here each becomes the steps that prison and
partner take in turn, with a sync between, as over weeks of work."""
import csv
import json
import re
import subprocess

from bring_up import agree, ask_in, let_in, start_hub_and_desk
from world import ROOT, Site, at_once, sync

LATER = ("meeting_", "released_", "gate_", "decline_", "close_")  # what only a later step says
NOT_FIELDS = ("number", "state", "steps", "needs", "flags", "receiver_name", "first_night_address", "medication")
IN_THE_PLAN = ("meeting_on", "meeting_time", "meeting_place", "first_night_address", "medication")
PEOPLE = ["Ann Example", "Bob Example", "Cat Example", "Dan Example"]


def generate(folder, today, volunteers, handovers):
    sizes = {"prisons": 2, "partners": 2, "prison-volunteers": volunteers, "partner-volunteers": volunteers // 5,
             "handovers": handovers}
    subprocess.run([ROOT / "tools/generate_data", folder, "--today", today.isoformat(),
                    *(f"--{name}={size}" for name, size in sizes.items())], check=True)
    with open(folder / "handovers.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def site_name(code):
    """As people say it: the register has "The Mount (HMP)"."""
    with open(ROOT / "config/codes/establishments.csv", encoding="utf-8", newline="") as file:
        name = next(row["name"] for row in csv.DictReader(file) if row["code"] == code)
    return re.sub(r"(.*) \((.*)\)", r"\2 \1", name)


def line(step, handover, given=()):
    """A step as take_steps reads it."""
    values = {name: "\\n".join(value) if isinstance(value, list) else value
              for name, value in dict(given).items() if value not in (None, "", [])}
    return "\t".join([step, str(handover), *(f"{name.replace('_', '-')}={value}" for name, value in values.items())])


# ---- the steps of one handover; `name` is its name in take_steps, later its number

def prison_begins(record, name):
    steps, partner = record["steps"], {"partner": record["receiver_name"]}
    facts = {key: value for key, value in record.items() if key not in NOT_FIELDS and not key.startswith(LATER)}
    yield line("begin", name, {**facts, "consent": "CONSENT_GIVEN", "communication_needs": "none",
                               "first_appointment_on": record["release_date"]})
    for need in record["needs"] or [{"pathway": "ACCOMMODATION", "status": "SUPPORT_NOT_REQUIRED"}]:
        yield line("need", name, need)
    for flag in record["flags"]:
        yield line("flag", name, flag)
    if "READY" in steps or "SENT" in steps:
        yield line("basis", name, partner)
        yield line(*(("share", name, partner) if "SENT" in steps else ("ready", name, {})))
    if record["state"] in ("WITHDRAWN", "SUPERSEDED"):
        yield line("stop", name, {"stage": record["state"], "because": "made up"})


def partner_answers(record, name):
    steps = record["steps"]
    if "SENT" not in steps or record["state"] in ("SENT", "EXPIRED"):
        return  # nobody there has looked yet
    yield line("read", name)
    if "DECLINED" in steps:
        yield line("decline", name, {"because": record["decline_reason"]})
    if "MORE_INFO" in steps:
        yield line("more-info", name, {"what": "Which bus can they take?"})
    if "ACCEPTED" in steps:
        yield line("accept", name, {"contact": f"{PEOPLE[2]}, 07700 900111"})
    if "PLANNED" in steps:
        yield line("plan", name, {key: record[key] for key in IN_THE_PLAN})


def prison_releases(record, name):
    if "RELEASED" in record["steps"]:
        yield line("release", name, {"on": record["released_on"], "at": record["released_at"]})
    if record["state"] in ("HELD", "EXPIRED", "DIED"):
        yield line("stop", name, {"stage": record["state"], "because": "made up"})
    if record["state"] == "BASIS_ENDED":
        yield line("set", name, {"consent": record["consent"]})


def partner_meets(record, name):
    steps, on = record["steps"], {"on": record.get("gate_on"), "reported_by": PEOPLE[2]}
    if "GATE_MET" in steps:
        yield line("gate", name, on)
    if "GATE_MISSED" in steps:
        yield line("gate", name, {**on, "because": record["gate_missed_reason"]})
    if "CONTACT_RECOVERED" in steps:
        yield line("found", name)
    if "LOST" in steps:
        yield line("lost", name)
    if "ACTIVE_SUPPORT" in steps:
        yield line("support", name)
    if "CLOSED" in steps:
        yield line("close", name, {"because": record["close_reason"]})
    if record["state"] in ("RECALLED", "BASIS_ENDED"):
        yield line("stop", name, {"stage": record["state"], "because": "made up"})


def changed_by(days):
    """In some that are planned, each side moves the date, neither having heard of the other."""
    def steps(record, name):
        if record["state"] == "PLANNED":
            day = record["release_date"][:8] + f"{days:02d}"
            yield line("set", name, {"release_date": day})
    return steps


TURNS = [("prison", prison_begins), ("partner", partner_answers), ("prison", prison_releases), ("partner", partner_meets)]


# ---- all of it

class MadeUp:
    """Two prisons and two partners, each prison with one partner of its own."""

    def __init__(self, world, today, volunteers, handovers):
        self.world, sheets = world, world.folder / "sheets"
        self.records = generate(sheets, today, volunteers, handovers)
        self.desk = start_hub_and_desk(world)
        codes = sorted({record["establishment"] for record in self.records})
        partners = sorted({record["receiver_name"] for record in self.records})
        facts = [*((site_name(code), "prison", person, code) for code, person in zip(codes, PEOPLE)),
                 *((name, "partner", person) for name, person in zip(partners, PEOPLE[2:]))]
        made = at_once(lambda given: Site(world, *given), facts)
        self.prisons, self.partners = dict(zip(codes, made)), dict(zip(partners, made[2:]))
        self.numbers = {}  # of each handover, on every computer
        for site in self.sites()[1:]:
            let_in(self.desk, site, ask_in(self.desk, site))
        for prison in self.prisons.values():
            for partner in self.partners.values():
                agree(self.desk, prison, partner)
        self.sync()
        files = sorted(sheets.glob("prison-*.csv")) + sorted(sheets.glob("partner-*.csv"))
        at_once(lambda pair: pair[0].run("volunteer", "import", str(pair[1])), list(zip(made, files)))

    def sites(self):
        return [self.desk, *self.prisons.values(), *self.partners.values()]

    def sync(self):
        """Twice, as who asks first has not yet been sent what the others bring."""
        for _ in range(2):
            sync(self.desk)
            at_once(sync, self.sites()[1:])

    def handovers_at(self, site):
        return site.json("handover", "list", "--ended", "--limit", "500")

    def take_turns(self):
        for side, steps in TURNS:
            self.turn(side, steps)
            self.sync()
        for side, days in (("prison", 11), ("partner", 22)):
            self.turn(side, changed_by(days))
        self.sync()

    def turn(self, side, steps):
        sites = (self.prisons if side == "prison" else self.partners).values()
        for said in at_once(lambda site: self.take(site, steps), sites):
            for begun in said.splitlines():
                number, dossier = begun.split("\t")
                self.numbers[int(number)] = dossier

    def take(self, site, steps):
        own = [record for record in self.records if site in (self.prisons[record["establishment"]],
                                                             self.partners[record["receiver_name"]])]
        lines = [each for record in own for each in steps(record, self.numbers.get(record["number"], record["number"]))]
        return self.world.steps(site, lines)

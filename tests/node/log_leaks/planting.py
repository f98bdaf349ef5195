"""Records of every type there is, with a mark in every sensitive field that can hold text, by the commands people have."""
import json

from marked_fields import LATER, PREFIX, is_sensitive, mark
from real_programs import COMPLETE, exchange

ROLES = ["security", "handover_worker", "gate_meeter", "governor", "desk_reviewer"]
FIRST = ["volunteer", "person", "handover", "site", "clearance"]  # which others name
# No command and no page takes words for these: what each is, the program writes itself.
NOT_TYPED = {("handover", "confirmed-by-code"), ("staff-member", "left-on"), ("staff-member", "email"),
             ("staff-member", "telephone"), ("staff-member", "job-title")}


def said_by(site, *command):
    """(What was done, what it said.)"""
    done, said = site.tried("--json", "--text-as-it-stands", *command)
    return (json.loads(said or "{}") if done else None), said


class Planting:
    def __init__(self, types, prison, partner, desk):
        self.types = sorted(types, key=lambda each: (not each.root, FIRST.index(each.name) if each.name in FIRST else 9))
        self.prison, self.partner, self.desk = prison, partner, desk
        self.planted, self.records = set(), {}
        self.partner_number = partner.json("status")["organisation_number"]

    def can_hold(self):
        return {(each.name, field.name) for each in self.types for field in each.fields
                if is_sensitive(field) and mark(each, field)} - NOT_TYPED

    def value(self, type_, field):
        if found := mark(type_, field):
            return found
        named = {"ORGANISATION_ID": self.partner_number, "DOSSIER_ID": self.records.get("volunteer"),
                 "RECORD_ID": self.records.get("clearance", "").rsplit("/", 1)[-1]}
        if not field.rule.get("required"):
            return None
        if found := named.get(field.rule.get("format")):
            return found
        if codes := field.rule.get("codes"):
            return "LEI" if codes == "establishments" else self.prison.json("record", "codes", codes)[0]["code"]
        return field.values[1] if field.values else {"TIME": "08:30"}.get(field.rule.get("format"), "1")

    def begin(self, site, type_, *inside):
        """With all it can hold; what is refused is named by its label, and left out."""
        typed = {field.label: (field, f"{field.name}={value}") for field in type_.fields if (value := self.value(type_, field))}
        while typed:
            done, said = said_by(site, "record", "new", type_.name, *(text for _, text in typed.values()), *inside)
            if done:
                self.planted |= {(type_.name, field.name) for field, _ in typed.values() if mark(type_, field)}
                return done["record"]
            label = max((label for label in typed if said.startswith(label + ":")), key=len, default=None)
            if not label:
                return None
            del typed[label]
        return None

    def change(self, site, type_, record):
        """One field after the other: whatever this organisation may write."""
        for field in type_.fields:
            for value in filter(None, (mark(type_, field), field.rule.get("format") == "DATE" and LATER)):
                if (type_.name, field.name) in self.planted or not mark(type_, field):
                    break
                done, _ = said_by(site, "record", "set", record, f"{field.name}={value}", "--reason", f"{PREFIX}reason")
                if done is not None:
                    self.planted.add((type_.name, field.name))

    def hand_over(self, case):
        """As far as the partner's own part of it."""
        self.prison.run("record", "set", case, *(typed for typed in COMPLETE
                                                 if ("handover", typed.split("=")[0]) not in self.planted))
        self.prison.json("record", "new", "need", "pathway=Somewhere to live", "--in", case)
        covered = [word for row in self.prison.json("record", "codes", "data-classes") for word in ("--what", row["code"])]
        self.prison.run("handover", "basis", case, "--with", "Made-Up Partner", "--law", "UK GDPR", "--ground", "Public task",
                        "--purpose", f"{PREFIX}purpose", "--paper", f"{PREFIX}paper", *covered)
        self.prison.run("handover", "share", case, "--with", "Made-Up Partner")
        exchange(self.prison, self.partner)
        self.partner.run("handover", "accept", case, "--contact", f"{PREFIX}contact, 07700 900931")

    def everything(self):
        for site in self.prison, self.partner, self.desk:
            site.run("staff", "roles", "jo", *(word for role in ROLES for word in ("--add", role)))
        self.prison.run("staff", "add", f"{PREFIX}staffmember", "--roles", "coordinator")
        by_name = {each.name: each for each in self.types}
        self.records["handover"] = self.prison.json("handover", "new", f"family-name={PREFIX}")["record"]
        self.records["site"] = self.prison.json("record", "list", "site")[0]["record"]
        self.records["staff-member"] = next(row["record"] for row in self.prison.json("record", "list", "staff-member")
                                            if row["name"].startswith(PREFIX))
        self.planted.add(("staff-member", "name"))
        roots = {each.dossier: each.name for each in self.types if each.root}
        for each in self.types:
            if each.name not in self.records:
                site = self.desk if each.dossier == "LINK" else self.prison
                inside = () if each.root else ("--in", self.records[roots[each.dossier]])
                self.records[each.name] = self.begin(site, each, *inside)
        for each in self.types:
            if self.records[each.name]:
                self.change(self.desk if each.dossier == "LINK" else self.prison, each, self.records[each.name])
        self.hand_over(self.records["handover"])
        for name in "handover", "disclosure", "outcome", "contact-made", "assignment":
            self.change(self.partner, by_name[name], self.records[name])

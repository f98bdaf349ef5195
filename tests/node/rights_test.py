#!/usr/bin/env python3
"""The real programs: what is kept of a volunteer and of somebody handed over is given to them, as pages and for programs,
without what is others'; whoever may not is refused; what was done is written down. Made-up people.

usage: rights_test.py THROUGHGATE-HUB THROUGHGATE-NODE CODES-FOLDER"""
import json
import pathlib
import re
import stat
import subprocess
import tempfile

from real_programs import CODES, NODE, Site, run

KIN, STAFF = "Kim Nextofkin-Invented", "Jo Made-Up"
WELSH, HEBREW = "Ŵynne Llŷr-Gwyrddni", "אברהם"


def text_of(pdf):
    """As a person reads it, each page after the other."""
    said = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(said.split())


def facts_of(pdf):
    said = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    return {name.strip(): value.strip() for name, value in (line.split(":", 1) for line in said.splitlines() if ":" in line)}


def recorded(prison):
    volunteer = prison.json("record", "new", "volunteer", f"given-name={WELSH}", "family-name=Planted",
                            f"former-names={HEBREW}", "email=wynne@example.org", "mobile=07700 900321")["record"]
    prison.run("record", "set", volunteer, "family-name=Corrected", "--reason", "misheard")
    long = " ".join(f"gair{n}" for n in range(550))
    file = prison.json("record", "new", "volunteer-file", f"volunteer={volunteer}", f"next-of-kin-name={KIN}",
                       "next-of-kin-telephone=07700 900777", "address=1 Invented Road\nLeeds",
                       f"interview-notes=Was driven by {KIN.upper()}.", f"experience={long[:1900]}")["record"]
    prison.run("record", "new", "training-passed", "--in", volunteer, "course=Radio", "passed-on=2025-05-06",
               f"assessor={STAFF}")
    return volunteer, file


def disputed(prison, volunteer):
    """Said to be wrong: kept with a note, settled, then corrected by command."""
    note = ["record", "dispute", volunteer, "mobile", "--says"]
    assert "Write down" in prison.run(*note, " ", expect=1)
    prison.run(*note, "It has been another number for years.")
    prison.run("record", "settle", volunteer, "mobile", "--reason", "both looked")
    assert "not said to be wrong" in prison.run("record", "settle", volunteer, "mobile", "--reason", "x", expect=1)
    prison.run(*note, "It has been another number for years.")
    prison.run("record", "dispute", volunteer, "email", "--says", "Not mine.")
    prison.run("record", "correct", volunteer, "mobile", "07700 900322", "--reason", "they wrote it down")
    assert "07700" in prison.run("record", "show", volunteer)


def asks(prison, volunteer, folder):
    ask = ["subject-access", volunteer, "--reason", "they asked on 3 December"]
    assert "Your roles at this site do not let you" in prison.run(*ask, expect=1)
    prison.run("staff", "roles", "jo", "--add", "governor")
    assert prison.run("subject-access", volunteer, expect=2)  # no reason
    look = prison.json(*ask)
    kin = next(row for row in look["to_look_at"] if "driven by" in row["text"])
    assert kin["names"] == KIN and not kin["kept"], kin
    story = next(row for row in look["to_look_at"] if row["text"].startswith("gair0"))
    kept = ["--keep", story["number"]]

    place = folder / "given"
    place.mkdir()
    prison.run(*ask, *kept, "--out", str(place))
    assert sorted(path.name for path in place.iterdir()) == ["subject-access.json", "subject-access.pdf"]
    for path in place.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    again = prison.run(*ask, "--out", str(place / "subject-access.pdf"), expect=1)  # never over another
    assert "already" in again or "there is" in again.lower(), again
    link = folder / "link.json"
    link.symlink_to(folder / "elsewhere.json")
    prison.run(*ask, "--out", str(link), expect=1)
    assert not (folder / "elsewhere.json").exists()
    prison.run(*ask, "--out", str(folder / "nowhere/x.txt"), expect=2)
    return place


def given(place):
    said = json.loads((place / "subject-access.json").read_text())
    text = text_of(place / "subject-access.pdf")
    values = [value for record in said["records"] for field in record["fields"] for value in field["values"]]
    whole = json.dumps(said, ensure_ascii=False)
    for there in WELSH, HEBREW, "Corrected", "Planted", "wynne@example.org", "gair200":
        assert there in whole, there
    for there in WELSH, "Corrected", "Planted", "wynne@example.org", "gair200":
        assert there in text, there
    fields = [field for record in said["records"] for field in record["fields"]]
    assert [field["name"] for field in fields if "said_to_be_wrong" in field] == ["email"], "what was settled is not"
    assert "Not mine." in text
    assert any(letter in text for letter in HEBREW), "the name in Hebrew is drawn"
    for gone in KIN, KIN.upper(), "07700 900777", STAFF:
        assert gone not in whole and gone not in text, gone
    assert [value["standing"] for record in said["records"] if record["type"] == "volunteer" for field in record["fields"]
            if field["name"] == "family_name" for value in field["values"]] == ["now; not sent yet", "replaced"]
    assert all("Volunteer coordinator" in value["by"] for value in values)
    assert said["left_out"]["of_others"] >= 2 and said["left_out"]["after_a_look"] >= 1, said["left_out"]
    assert "ask them" in text and "Information Commissioner" in text

    facts = facts_of(place / "subject-access.pdf")
    assert facts["Title"].startswith("What HMP Made Up holds about"), facts
    assert facts["Tagged"] == "yes" and facts["Page size"].startswith("595"), facts
    pages = int(facts["Pages"])
    assert pages >= 2 and f"Page {pages} of {pages}" in text and "Page 1 of" in text
    assert re.search(rb"/Lang \(en-GB\)", (place / "subject-access.pdf").read_bytes())


def written_down(prison, volunteer):
    rows = prison.json("audit", "list", "--record", volunteer)
    assert any(row["what"] == "Took out a file" and row["reason"] == "they asked on 3 December" for row in rows), rows
    said = prison.json("subject-access", volunteer, "--reason", "again")
    assert said["about"].startswith(WELSH)


def main(folder):
    prison = Site(folder, "HMP Made Up", "prison", "--establishment", "LEI")
    volunteer, _ = recorded(prison)
    disputed(prison, volunteer)
    place = asks(prison, volunteer, folder)
    given(place)
    written_down(prison, volunteer)
    unknown = run(NODE, "--data", str(prison.data), "--as", "jo", "--password-file", prison.password, "--codes", CODES,
                  "subject-access", "0000", "--reason", "x", expect=1)
    assert "no such record" in unknown, unknown


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(pathlib.Path(made))
    print("given what is theirs, and nothing else")

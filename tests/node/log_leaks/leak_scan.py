"""Looks for marks in whatever is written, in every form in which a careless program might write them."""
import base64
import re

from marked_fields import LATER, PREFIX, TYPED


def in_base64(word):
    """What of it is the same wherever in a longer text it stands."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + word.encode()).decode()
        begin = -(-8 * before // 6)  # the first letter made of nothing else
        yield text[begin:(8 * (before + len(word))) // 6]


def forms(word):
    in_hex = word.encode().hex()
    yield from (word, in_hex, word.encode("utf-16-le").decode("latin-1"), "".join(f"%{each:02x}" for each in word.encode()),
                "".join(f"\\x{each:02x}" for each in word.encode()))


WORDS = (PREFIX, TYPED["DATE"], "6 May 1931", LATER, "5 June 2099", "7700900931", TYPED["TELEPHONE"], TYPED["POSTCODE"], "QZ99QJ",
         TYPED["PRISON_NUMBER"])
ANY_CASE = re.compile("|".join(re.escape(form) for word in WORDS for form in forms(word)).encode("latin-1"), re.I)
BASE64 = re.compile("|".join(re.escape(form) for word in WORDS for form in in_base64(word)).encode())


def marks_in(content, sealed=False):
    """What was found, with what stands around it. In a sealed store base64 is not looked for: chance would write it."""
    looks = [ANY_CASE] if sealed else [ANY_CASE, BASE64]
    return [content[max(0, found.start() - 60):found.end() + 60] for look in looks for found in look.finditer(content)]


def marks_in_folder(folder, without=()):
    """File by file, names too."""
    out = {}
    for path in sorted(folder.rglob("*")):
        if any(each in path.parents or each == path for each in without):
            continue
        found = marks_in(str(path.relative_to(folder)).encode())
        if path.is_file() and not path.is_symlink():
            found += marks_in(path.read_bytes(), sealed=".db" in path.name)
        if found:
            out[str(path)] = found
    return out

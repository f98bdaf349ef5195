"""What the .proto files say of every record type and field, and for each field a value that is found again wherever it
comes to light. Nothing here is a list of fields: a type or a field that is added is marked too."""
import collections
import pathlib
import re
import subprocess

NODE_SOURCE = pathlib.Path(__file__).resolve().parents[3] / "node"

Type = collections.namedtuple("Type", "name label dossier root fields")
Field = collections.namedtuple("Field", "name number label kind values rule")

PREFIX = "qzjxv"
# By format: what is typed, of which the scan knows every form in which the program stores and shows it. Others hold
# PREFIX and their own number.
TYPED = {"DATE": "1931-05-06", "EMAIL": f"{PREFIX}@example.org", "TELEPHONE": "07700 900931", "POSTCODE": "QZ9 9QJ",
         "PRISON_NUMBER": "Q0931QJ"}
LATER = "2099-06-05"  # a day that is to come, where one long past is refused


def parsed(text):
    """The text form of a message, as nested lists of (name, value)."""
    stack = [[]]
    for line in text.splitlines():
        line = line.strip()
        if line.endswith("{"):
            inside = []
            stack[-1].append((line[:-1].strip(), inside))
            stack.append(inside)
        elif line == "}":
            stack.pop()
        elif line:
            name, value = line.split(": ", 1)
            stack[-1].append((name, value.strip('"')))
    return stack[0]


def all_of(message, name):
    return [value for key, value in message if key == name]


def one(message, name, default=""):
    return next(iter(all_of(message, name)), default)


def spoken(name):
    """ContactMade, first_visit: as the command line has them."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower().replace("_", "-")


def descriptors(folder):
    """As the compiler of the schema sees them, options and all."""
    files = sorted(str(path.relative_to(NODE_SOURCE)) for path in (NODE_SOURCE / "records").glob("*.proto"))
    where = ["-I.", "-I../sync"]
    subprocess.run(["protoc", *where, "--include_imports", f"--descriptor_set_out={folder}/set", *files], cwd=NODE_SOURCE,
                   check=True)
    with open(f"{folder}/set", "rb") as compiled:
        return parsed(subprocess.run(["protoc", *where, "--decode=google.protobuf.FileDescriptorSet",
                                      "google/protobuf/descriptor.proto", "schema/options.proto"], cwd=NODE_SOURCE, check=True,
                                     stdin=compiled, capture_output=True, text=True).stdout)


def field_of(message, enums):
    rule = one(one(message, "options", []), "[throughgate.schema.field]", [])
    return Field(spoken(one(message, "name")), int(one(message, "number")), one(rule, "label"),
                 one(message, "type").removeprefix("TYPE_").lower(), enums.get(one(message, "type_name"), []), dict(rule))


def record_types(folder):
    files = all_of(descriptors(folder), "file")
    messages = [(f".{one(file, 'package')}.{one(each, 'name')}", each) for file in files for each in all_of(file, "message_type")]
    enums = {f".{one(file, 'package')}.{one(each, 'name')}": each for file in files for each in all_of(file, "enum_type")}
    for name, message in messages:
        enums |= {f"{name}.{one(each, 'name')}": each for each in all_of(message, "enum_type")}
    labels = {name: [one(one(one(value, "options", []), "[throughgate.schema.value]", []), "label")
                     for value in all_of(each, "value")] for name, each in enums.items()}
    out = []
    for _, message in messages:
        rule = one(one(message, "options", []), "[throughgate.schema.record]", [])
        if rule:
            out.append(Type(spoken(one(message, "name")), one(rule, "label"), one(rule, "dossier"), one(rule, "root") == "true",
                            [field_of(each, labels) for each in all_of(message, "field")]))
    return out


def is_sensitive(field):
    return field.rule.get("sensitivity") not in (None, "OPEN")


def mark(type_, field):
    """What is typed to be found again; None where only a word of a list, a number or a time may stand."""
    if field.kind != "string" or field.rule.get("codes") or field.rule.get("format") in ("TIME", "ESTABLISHMENT"):
        return None
    if typed := TYPED.get(field.rule.get("format")):
        return typed
    most = int(field.rule.get("bytes_max", 4000))
    return f"{PREFIX}{type_.name.replace('-', '')}{field.number}"[:most] if most > len(PREFIX) else None

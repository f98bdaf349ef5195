#!/usr/bin/env python3
"""Each template here must be refused by the compiler, and for the reason it names; its twin must pass.

usage: must_not_compile.py COMPILER PROJECT_FOLDER
"""
import subprocess
import sys

COMPILER, ROOT = sys.argv[1:]

# reason the compiler must name: the faulty template, a twin that differs in the fault alone
CASES = [
    ("placeholder_in_an_unsafe_place", r'h("<p class={}>x</p>", s)', r'h("<p class=\"{}\">x</p>", s)'),
    ("placeholder_in_an_unsafe_place", r'h("<p onclick=\"f({})\">x</p>", s)', r'h("<p title=\"f({})\">x</p>", s)'),
    ("placeholder_in_an_unsafe_place", r'h("<script>var x={}</script>", s)', r'h("<p>var x={}</p>", s)'),
    ("placeholder_in_an_unsafe_place", r'h("<p style=\"color:{}\">x</p>", s)', r'h("<p lang=\"{}\">x</p>", s)'),
    ("placeholder_in_an_unsafe_place", r'h("<!-- {} -->", s)', r'h("<!-- --> {}", s)'),
    ("placeholder_in_an_unsafe_place", r'h("<{}>", s)', r'h("<p>{}</p>", s)'),
    ("placeholder_in_an_unsafe_place", r'h("<a href=\"/x/{}\">y</a>", s)', r'h("<a href=\"#{}\">y</a>", s)'),
    ("placeholder_in_an_unsafe_place", r'h("<p class=\'{}\'>x</p>", s)', r'h("<p class=\"{}\">x</p>", s)'),
    ("this_attribute_needs_a_Url", r'h("<a href=\"{}\">x</a>", s)', r'h("<a href=\"{}\">x</a>", Url(s))'),
    ("attribute_placeholder_needs_an_Attr", r'h("<p {}>x</p>", s)', r'h("<p {}>x</p>", flag("hidden", true))'),
    ("argument_type_not_allowed_here", r'h("<p class=\"{}\">x</p>", Html{})', r'h("<p>{}</p>", Html{})'),
    ("wrong_number_of_arguments", r'h("<p>{} {}</p>", s)', r'h("<p>{} {}</p>", s, s)'),
    ("stray_brace", r'h("<p>{</p>")', r'h("<p></p>")'),
    ("attribute_name_not_allowed", r'attr("onclick", s)', r'attr("title", s)'),
    ("attribute_name_not_allowed", r'attr("href", s)', r'attr("lang", s)'),
    ("private", r'Html(s)', r'trusted(s)'),
]


def compile_error(expressions):
    made = "\n".join(f"auto made_{i} = {e};" for i, e in enumerate(expressions))
    source = f"""#include "node/web/html.h"
using namespace throughgate::node::web;
std::string s = "<x>";
{made}
"""
    run = subprocess.run([COMPILER, "-std=c++20", "-fsyntax-only", f"-I{ROOT}", "-x", "c++", "-"], input=source,
                         capture_output=True, text=True, check=False)
    return run.stderr if run.returncode else ""


failures = 0
for reason, faulty, _ in CASES:
    message = compile_error([faulty])
    failures += reason not in message
    print(f"{'ok' if reason in message else 'FAILED'}: {faulty} -> {reason if message else 'compiled'}")
if wrongly_refused := compile_error([twin for _, _, twin in CASES]):
    failures += 1
    print("FAILED: a template that is right was refused:\n", wrongly_refused)
sys.exit(1 if failures else 0)

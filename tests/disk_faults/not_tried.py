"""What tools/disk_faults does not try, and why; and which tests bring the requests and forms that it tries."""

# Which tests send what is tried. Left out: those that fail the disk themselves, and those that count what it was asked for.
HUB_TESTS = r'~[.] ~"cursors\, verdicts and orders outlive a restart; sign-ins do not"'
PAGE_TESTS = "~[.]"
DESK_TESTS = "~[.]"
HANDOVER_TESTS = "~[.]"
STAFF_TESTS = "~[.]~[threads]"

# Pages that take a form, and why it is not tried under a disk that fails.
PAGES = {
    "/check-records": "looks, and changes nothing",
    "/central-team/requests/:id/answer": "gives a file out, and changes nothing",
}

# Parts of a request that change nothing at a hub by themselves.
REQUEST_PARTS = {
    "directory_head": "tells two lists of one version apart, and changes nothing",
    "late_after": "asks, and changes nothing",
    "snapshot_up_to": "asks, and changes nothing",
    "directory_snapshot": "sent by tests of whole nodes only: tests/node/root_test.cpp",
}

"""Makes root somebody ordinary: what is started from then on, and what is looked at, but in back_as_root()."""
import contextlib
import os

NOBODY = 65534
IS_ROOT = os.getuid() == 0


def become_ordinary():
    """The way back stays open to this process alone: it is not handed on to what this one starts."""
    if IS_ROOT:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, 0)
        os.setresuid(NOBODY, NOBODY, 0)


@contextlib.contextmanager
def back_as_root():
    os.seteuid(0)
    try:
        yield
    finally:
        os.seteuid(NOBODY)

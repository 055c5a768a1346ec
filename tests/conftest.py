"""What holds for all tests: which are big, Ctrl-C, and stores on real servers, started when asked for."""

import os
import signal
from collections import defaultdict
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from tests.stores.fixtures import (
    azurite_store,
    gcs_store,
    guarded_store,
    moto_store,
    proxies,
    rclone_store,
)

__all__ = ["azurite_store", "gcs_store", "guarded_store", "moto_store", "proxies", "rclone_store"]

# What a shell starts in the background ignores Ctrl-C, and so would all programs that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# It decides how wide what is printed is, also into a pipe.
os.environ.pop("COLUMNS", None)

# How long an example takes says something about the machine, not about the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.hookimpl(tryfirst=True)  # before those that are big are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the variations of a test with the mark ``few(n)``, n run always and the others are big."""
    variations = defaultdict(list)
    for item in items:
        if item.get_closest_marker("few"):
            variations[item.nodeid.partition("[")[0]].append(item)
    for those in variations.values():
        # As if drawn: neighbours share most of their parameters.
        those.sort(key=lambda item: crc32(item.nodeid.encode()))
        for item in those[those[0].get_closest_marker("few").args[0] :]:
            item.add_marker(pytest.mark.big)

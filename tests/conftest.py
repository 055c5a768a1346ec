"""What holds for all tests: Ctrl-C, and stores on real servers, started where a test asks for them."""

import signal

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

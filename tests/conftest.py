"""Fixtures for all tests: stores on real servers, started where a test asks for them."""

from tests.stores.fixtures import (
    azurite_store,
    gcs_store,
    guarded_store,
    moto_store,
    proxies,
    rclone_store,
)

__all__ = ["azurite_store", "gcs_store", "guarded_store", "moto_store", "proxies", "rclone_store"]

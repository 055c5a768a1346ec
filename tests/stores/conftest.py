"""The browser of the viewer's tests, for bundles that lie on stores."""

from tests.browser.conftest import browser, new_page, said, sample, viewer

__all__ = ["browser", "new_page", "said", "sample", "viewer"]

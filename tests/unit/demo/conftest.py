"""The demo, generated once for all tests that only look at it."""

import pandas as pd
import pytest

from opsline.demo import generate_frames

ZONE = "Asia/Shanghai"


@pytest.fixture(scope="session")
def full() -> dict[str, pd.DataFrame]:
    """Return the full demo's tables."""
    return generate_frames("full")


@pytest.fixture(scope="session")
def small() -> dict[str, pd.DataFrame]:
    """Return the small demo's tables."""
    return generate_frames("small")


@pytest.fixture(scope="session")
def month_of():
    """Return a function: moments in UTC -> months such as 2026-11 in the demo's zone."""
    return lambda moments: moments.dt.tz_convert(ZONE).dt.strftime("%Y-%m")


@pytest.fixture(scope="session")
def now() -> pd.Timestamp:
    """Return the demo's clock: Monday 2026-11-23 09:00 in Shanghai."""
    return pd.Timestamp("2026-11-23T01:00Z")

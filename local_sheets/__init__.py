"""Google Sheets and Drive of one's own: their APIs on one SQLite file.

>>> from local_sheets import Store, handlers, hold
"""

from local_sheets.errors import InUse, StoreError
from local_sheets.store import Store
from local_sheets.web.access import Authenticate, by_token
from local_sheets.web.app import handlers
from local_sheets.web.faults import Faults
from local_sheets.web.hold import hold

__all__ = ["Authenticate", "Faults", "InUse", "Store", "StoreError", "by_token", "handlers", "hold"]

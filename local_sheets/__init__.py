"""Google Sheets and Drive of one's own: their APIs on one SQLite file.

Any program written for Google Sheets works against it unchanged; a gspread user points a client at it with

    class Local(gspread.HTTPClient):
        def request(self, method, endpoint, *args, **kwargs):
            return super().request(method, re.sub("^https://[^/]+", ADDRESS, endpoint), *args, **kwargs)

    client = gspread.Client(google.oauth2.credentials.Credentials(TOKEN), http_client=Local)

where ADDRESS and TOKEN are those of `python -m local_sheets --data FILE --port N --token TOKEN`.
"""

from local_sheets.errors import InUse, StoreError
from local_sheets.live.socket import close_pages
from local_sheets.rights import OWNER, Person
from local_sheets.row_links import RowLink
from local_sheets.running import Running, running
from local_sheets.store import Store
from local_sheets.web.access import Authenticate, by_token
from local_sheets.web.app import handlers
from local_sheets.web.faults import Faults
from local_sheets.web.hold import hold

__all__ = [
    "OWNER",
    "Authenticate",
    "Faults",
    "InUse",
    "Person",
    "RowLink",
    "Running",
    "Store",
    "StoreError",
    "by_token",
    "close_pages",
    "handlers",
    "hold",
    "running",
]

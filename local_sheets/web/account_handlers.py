"""Who one is, and the drive one's files lie in: what clients ask before anything else."""

from local_sheets import drive, fields
from local_sheets.web.base import ApiHandler


class Me(ApiHandler):
    """GET /userinfo/v2/me (OAuth2 v2)."""

    def get(self) -> None:
        """userinfo.v2.me.get."""
        self.finish({"id": self.who.key, "email": self.who.email, "name": self.who.name})


class Root(ApiHandler):
    """GET /drive/v3/files/root: the one folder there is."""

    def get(self) -> None:
        """files.get of the folder `root`."""
        mask = fields.parse(self.query().get("fields") or drive.SHORT)
        self.finish(fields.pick(drive.ROOT, mask))


ROUTES: list[tuple[str, type[ApiHandler]]] = [
    (r"/userinfo/v2/me", Me),
    (r"/oauth2/v2/userinfo", Me),
    (r"/drive/v3/files/root", Root),
]

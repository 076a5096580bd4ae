"""Who one is: what clients ask before anything else."""

from local_sheets.web.base import ApiHandler


class Me(ApiHandler):
    """GET /userinfo/v2/me (OAuth2 v2)."""

    def get(self) -> None:
        """userinfo.v2.me.get."""
        self.finish({"id": self.who.key, "email": self.who.email, "name": self.who.name})


ROUTES: list[tuple[str, type[ApiHandler]]] = [
    (r"/userinfo/v2/me", Me),
    (r"/oauth2/v2/userinfo", Me),
]

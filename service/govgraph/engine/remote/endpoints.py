"""The endpoint that the settings name."""

from __future__ import annotations

from functools import cached_property

from govgraph.engine.remote.connection import Endpoint
from govgraph.engine.remote.credentials import Credentials
from govgraph.errors import GovgraphError
from govgraph.settings import Settings


class Endpoints:
    """Its three URLs, each asked for only when it is needed.

    GovgraphError(remote-unset) names the setting that is missing.
    """

    def __init__(self, settings: Settings, seconds: float | None = None) -> None:
        self._settings, self._seconds = settings, seconds or settings.remote_seconds

    @cached_property
    def query(self) -> Endpoint:
        return self._endpoint("remote_query")

    @cached_property
    def update(self) -> Endpoint:
        return self._endpoint("remote_update")

    @cached_property
    def graphs(self) -> Endpoint:
        return self._endpoint("remote_graphs")

    def _endpoint(self, name: str) -> Endpoint:
        setting = f"GOVGRAPH_{name.upper()}"
        url = getattr(self._settings, name)
        if url is None:
            raise GovgraphError("remote-unset", setting=setting)
        user, password = self._settings.remote_user, self._settings.remote_password
        known = Credentials(user, password.get_secret_value() if password else "") if user else None
        return Endpoint(url, setting, self._seconds, known)

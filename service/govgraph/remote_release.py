"""Releases at an endpoint: which one it holds, and giving it one that is here."""

from __future__ import annotations

from contextlib import suppress

from govgraph.engine.remote.endpoints import Endpoints
from govgraph.engine.remote.layout import Layout
from govgraph.engine.remote.marker import read_marker
from govgraph.engine.remote.store import STEP, RemoteStore
from govgraph.errors import GovgraphError
from govgraph.release import Home, Release
from govgraph.settings import Settings


def held(settings: Settings) -> str | None:
    """The release that the endpoint of the settings holds, None if it holds none. If HOME has it
    and serves another, a publication was cut off between the two: it is finished.

    GovgraphError of the endpoint (remote-unset, remote-unavailable, remote-credentials …)."""
    home = Home(settings.home)
    served = read_marker(Endpoints(settings).query, settings.base).served
    with suppress(GovgraphError):
        if served and home.current().id != served:
            home.follow(served)
    return served


def serve_again(settings: Settings, release_id: str, patience: float = 0) -> str:
    """Serve an older release, which the endpoint, if the engine is remote, is given first; the id
    of the one that was served until then. Other builds are waited for some seconds.

    GovgraphError(unknown-release, build-busy, home-unusable), and those of the endpoint."""
    home = Home(settings.home)
    if settings.engine == "remote":
        release = home.get(release_id)
        return home.rollback(release_id, patience, lambda: _give(settings, release))
    return home.rollback(release_id, patience)


def _give(settings: Settings, release: Release) -> None:
    manifest = release.manifest
    layout = Layout(manifest["base"], release.id, tuple(manifest["graphs"]), staged=True)
    store = RemoteStore(Endpoints(settings, STEP), layout)
    files = {graph: release.quads / manifest["files"][graph] for graph in layout.graphs}
    try:
        store.begin()
        store.load(files, lambda _: None)
        store.switch()
    except BaseException:
        with suppress(GovgraphError):
            store.clean()
        raise

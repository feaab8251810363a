"""Which tests stay in one worker of a parallel run, and which begin first.

pytest-xdist's own `--dist loadgroup` does not do: what 3.8 writes into the name of a test for its
group is not read by pytest 9.2, so that any worker may run any test, and each sets up what only one
has to. Nor does it begin with what takes long.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

#: Folders whose modules share servers that take long to start. Elsewhere a module is a unit.
TOGETHER = ("tests/abuse/", "tests/spark/")
#: The tests of an endpoint are told by the name of its server, wherever they are in this folder.
REMOTE, SERVERS = "tests/remote/", ("oxigraph", "virtuoso")
#: About how many seconds the longest units take on a machine with two cores.
SECONDS = {
    "tests/abuse/": 400,
    "tests/remote/virtuoso": 200,
    "tests/spark/": 120,
    "tests/pool/test_front.py": 110,
    "tests/service/test_incremental.py": 250,
    "tests/remote/oxigraph": 90,
    "tests/gate/test_updates.py": 60,
    "tests/pool/test_drain.py": 60,
    "tests/pool/test_cut.py": 50,
    "tests/service/test_crashes.py": 120,
    "tests/bench/building/test_smoke.py": 40,
    "tests/gate/test_turns.py": 40,
    "tests/gate/test_crashes.py": 30,
    "tests/pages/test_browser.py": 180,
    "tests/pool/test_slow.py": 30,
    "tests/pool/test_telling.py": 30,
    "tests/data/test_tw_councillors.py": 25,
    "tests/service/test_full_disk.py": 25,
    "tests/bench/test_nation.py": 20,
    "tests/catalog/test_routes.py": 20,
    "tests/governance/test_holdings.py": 20,
    "tests/shapes/test_shape_graph.py": 20,
}


def unit(nodeid: str) -> str:
    """What stays in one worker with a test."""
    if nodeid.startswith(REMOTE):
        _, _, name = nodeid.partition("::")
        return REMOTE + next((server for server in SERVERS if server in name), "local")
    folders = (folder for folder in TOGETHER if nodeid.startswith(folder))
    return next(folders, nodeid.partition("::")[0])


class ByUnit(LoadScopeScheduling):
    """Gives a worker one unit after the other, and the longest of all that wait first."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        longest = max(self.workqueue, key=lambda name: SECONDS.get(name, 0))
        self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)

"""A real cluster for the tests: a standalone master and two workers on this machine's loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

LOOPBACK = "127.0.0.1"
#: One core and 1 GB for each of the two executors, no web page; for queries of a second each, so
#: without what pays only in longer ones.
DEFAULTS = """
spark.ui.enabled                 false
spark.ui.showConsoleProgress     false
spark.driver.host                127.0.0.1
spark.driver.bindAddress         127.0.0.1
spark.driver.memory              1g
spark.executor.memory            1g
spark.executor.cores             1
spark.cores.max                  2
spark.sql.shuffle.partitions     2
spark.sql.adaptive.enabled       false
spark.sql.codegen.wholeStage     false
spark.driver.extraJavaOptions    -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions  -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.scheduler.minRegisteredResourcesRatio  1.0
"""


@pytest.fixture(scope="package")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a master with two workers; all of it ends with the tests."""
    pyspark = pytest.importorskip("pyspark", reason="needs the extra `spark`")
    if shutil.which("java") is None:
        pytest.skip("needs java, which Spark runs on")
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "spark-defaults.conf").write_text(DEFAULTS)
    port = _free_port()
    address = f"spark://{LOOPBACK}:{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(Path(pyspark.__file__).parent))
        patch.setenv("SPARK_CONF_DIR", str(folder))
        patch.setenv("SPARK_LOCAL_IP", LOOPBACK)
        patch.setenv("SPARK_LOCAL_DIRS", str(folder))
        patch.setenv("SPARK_DAEMON_MEMORY", "256m")
        patch.setenv("SPARK_DAEMON_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        options = ["--host", LOOPBACK, "--webui-port", "0"]
        started = [_start(folder, "master.Master", "--port", str(port), *options)]
        try:
            _await_port(port)
            for number in (1, 2):
                work = [
                    "--work-dir",
                    str(folder / f"work{number}"),
                    "--cores",
                    "1",
                    "--memory",
                    "1g",
                ]
                started.append(_start(folder, "worker.Worker", *options, *work, address))
            yield address
            _stop_session()
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(30)


def _start(folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    launcher = Path(os.environ["SPARK_HOME"]) / "bin" / "spark-class"
    command = [str(launcher), f"org.apache.spark.deploy.{name}", *arguments]
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _await_port(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail("the master did not start")


def _stop_session() -> None:
    """End the application and its JVM."""
    from pyspark import SparkContext

    context, gateway = SparkContext._active_spark_context, SparkContext._gateway
    if context is not None:
        context.stop()
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(30)
        SparkContext._gateway = SparkContext._jvm = None

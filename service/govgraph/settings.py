"""All settings, in one place, read from GOVGRAPH_* variables; frozen once read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from govgraph_loaders.namespaces import DEFAULT_BASE

_URL = r"^https?://[^\s<>\"{}|\\^`@#]+$"


class Settings(BaseSettings):
    """What can be set from outside. Every field's description is its documentation."""

    model_config = SettingsConfigDict(env_prefix="GOVGRAPH_", frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: Path.home() / ".local" / "share" / "govgraph",
        description="Folder of the releases, the reports and the name of the one served.",
    )
    base: str = Field(
        default=DEFAULT_BASE,
        pattern=r"^https?://[^\s<>\"{}|\\^`]+[/#]$",
        description="Base IRI of the instances; it ends in / or #.",
    )
    documents: Path | None = Field(
        default=None,
        description="Folder of source documents, from which passages are cut by offset.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port that `serve` listens on.")
    query_threads: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Queries evaluated at the same time by one server process.",
    )
    engine: Literal["auto", "oxigraph", "columns", "spark", "remote"] = Field(
        default="auto", description="Engine of SPARQL queries: auto chooses by estimated work."
    )
    remote_query: str | None = Field(
        default=None,
        pattern=_URL,
        description="URL of the SPARQL 1.1 endpoint that GOVGRAPH_ENGINE=remote asks.",
    )
    remote_update: str | None = Field(
        default=None,
        pattern=_URL,
        description="URL that takes its updates; builds need it.",
    )
    remote_graphs: str | None = Field(
        default=None,
        pattern=_URL,
        description="URL of its Graph Store Protocol; builds need it.",
    )
    remote_user: str | None = Field(
        default=None, description="User at the endpoint, by HTTP's Basic or Digest authentication."
    )
    remote_password: SecretStr | None = Field(
        default=None, description="Password of that user; it is never shown."
    )
    remote_seconds: float = Field(
        default=60, gt=0, description="Time after which a query at the endpoint is given up."
    )
    spark_master: str = Field(
        default="local[*]", description="Master of the cluster that GOVGRAPH_ENGINE=spark asks."
    )
    spark_columns: str | None = Field(
        default=None,
        description="Folder or URI of the releases' Parquet files on the cluster; {release} is the"
        " release's id. Without it, the release's own folder.",
    )
    query_seconds: float = Field(
        default=60, gt=0, description="Time after which a query on the columns is stopped."
    )
    query_memory: str = Field(
        default="2GB",
        pattern=r"^[0-9]+(MB|GB)$",
        description="Memory that all queries on the columns of a release may take together.",
    )
    query_spill: str = Field(
        default="10GB",
        pattern=r"^[0-9]+(MB|GB)$",
        description="Space on disk for what does not fit in that memory, until a query ends.",
    )
    query_cores: int = Field(
        default=1, ge=1, le=64, description="Cores that the columns of a release use."
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 2,
        ge=1,
        le=256,
        description="Processes that answer requests, one at a time each.",
    )
    worker_memory: str = Field(
        default="4GB",
        pattern=r"^(0|[0-9]+(MB|GB))$",
        description="Memory that a worker may take beside its releases' files; 0 is no limit.",
    )
    arrival_seconds: float = Field(
        default=30,
        gt=0,
        description="Time in which a request's head has to arrive; its body has longer, by its length.",
    )
    queue_length: int = Field(
        default=256, ge=1, description="Requests that may wait for a worker; more are told to wait."
    )
    queue_seconds: float = Field(
        default=20, gt=0, description="Time that a request waits for a worker before it is told to."
    )
    writer_memory: str = Field(
        default="8GB",
        pattern=r"^(0|[0-9]+(MB|GB))$",
        description="The same for the one process that makes changes.",
    )
    write_seconds: float = Field(
        default=900, gt=0, description="Time after which a change is given up."
    )
    write_queue: int = Field(
        default=16, ge=1, description="Changes that may wait for their turn; more are told to wait."
    )
    upload_limit: str = Field(
        default="256MB",
        pattern=r"^[0-9]+(MB|GB)$",
        description="Size of the body of a change; a file takes what is more than 1 MB of it.",
    )
    drain_seconds: float = Field(
        default=10,
        ge=1,
        description="Time to end in, when told to: what still runs a second before is ended.",
    )
    client_requests: int = Field(
        default=16, ge=1, description="Requests of one client that are worked on at the same time."
    )
    client_seconds: float = Field(
        default=120, gt=0, description="Working time that one client may use in a minute."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks, with commas between, whose X-Forwarded-For is believed.",
    )
    cache: str = Field(
        default="64MB",
        pattern=r"^(0|[0-9]+(MB|GB))$",
        description="Memory for answers that are given again; 0 is no cache.",
    )
    keep_releases: int = Field(
        default=0, ge=0, description="Newest releases that a build keeps; 0 is all of them."
    )
    keep_days: float = Field(
        default=0,
        ge=0,
        description="Days for which a build keeps releases, beside the newest; 0 is no such rule.",
    )
    allow_update: bool = Field(
        default=False, description="Take changes from those who hold a key with the scope write."
    )
    read_key: bool = Field(
        default=False,
        description="Answer only those who hold a key, but for /health and /ready.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged: each request is a line of level info."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto",
        description="How lines of the log look: auto is text on a terminal, or JSON.",
    )
    metrics_networks: str = Field(
        default="127.0.0.0/8,::1",
        description="Addresses or networks, with commas between, that may read /metrics without a"
        " key of scope admin.",
    )
    cors_origins: str = Field(
        default="",
        description="Origins, with commas between, whose pages may write; those of any may read.",
    )
    service_allow: str = Field(
        default="",
        description="Endpoints that SERVICE may name, with commas between: URLs, or hosts for all"
        " of theirs, by https; none if left out.",
    )
    service_seconds: float = Field(
        default=20, gt=0, description="Time in which an endpoint named by SERVICE has to answer."
    )
    service_rows: int = Field(
        default=10_000, ge=1, description="Rows that an endpoint named by SERVICE may answer."
    )
    page_size: int = Field(
        default=50, ge=1, le=1000, description="Hits of a search when no limit is given."
    )

    def plain(self) -> dict[str, Any]:
        """All settings as JSON has them, secrets readable: for a process of our own."""
        found: dict[str, Any] = self.model_dump(mode="json")
        secret = self.remote_password
        return found | {"remote_password": secret.get_secret_value() if secret else None}


def in_bytes(size: str) -> int:
    """A size of a setting, such as 64MB or 2GB, in bytes."""
    units = {"MB": 1 << 20, "GB": 1 << 30}
    return int(size[:-2]) * units[size[-2:]] if size[-2:] in units else int(size)

"""Keys and the audit log: who could read or change them, and do they serve their purpose."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import pairwise

from govgraph.access.audit import FILE as AUDIT
from govgraph.access.audit import Audit
from govgraph.access.key import Key
from govgraph.access.keys import FILE, MODE, Keys
from govgraph.doctor.finding import Asked, Finding
from govgraph.errors import GovgraphError

_SOON = timedelta(days=7)


def modes(asked: Asked) -> Iterator[Finding]:
    """May others read or write the files of keys and of the audit log?"""
    for name in (FILE, AUDIT):
        path = asked.settings.home / name
        if not path.is_file():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield Finding(
                "file-mode", "error" if mode & 0o022 else "warning",
                f"其他用户可访问 {name}(权限 {mode:o})", f"Others have access to {name} (mode {mode:o})",
                f"chmod 600 {path}", f"chmod 600 {path}", partial(path.chmod, MODE),
            )  # fmt: skip
        else:
            yield Finding(
                "file-mode", "ok", f"{name} 仅本用户可读写", f"Only this user has access to {name}"
            )


def keys(asked: Asked) -> Iterator[Finding]:
    """Are there the keys that the settings call for, and do they last?"""
    kept, settings = Keys(asked.settings.home), asked.settings
    try:
        found, now = kept.all(), kept.now()
    except GovgraphError as error:
        yield Finding(
            "keys", "error", error.message_zh, error.message_en,
            f"从副本恢复 {kept.path}，或删除后重新发放密钥",
            f"put back a copy of {kept.path}, or remove it and make new keys",
        )  # fmt: skip
        return
    good = [key for key in found if not key.expired(now)]
    for wanted, scope in ((settings.read_key, "read"), (settings.allow_update, "write")):
        if wanted and not any(scope in key.scopes for key in good):
            yield Finding(
                "keys", "error", f"没有 {scope} 权限的有效密钥", f"No key with the scope {scope} is there to be used",
                f"govgraph keys add NAME --scope {scope}", f"govgraph keys add NAME --scope {scope}",
            )  # fmt: skip
    yield from (_ending(key) for key in good if key.expired(now + _SOON))
    if found:
        zh, en = (
            f"{len(good)} 个有效密钥，{len(found) - len(good)} 个已过期",
            f"{len(good)} keys, and {len(found) - len(good)} expired",
        )
        yield Finding("keys", "ok", zh, en)


def _ending(key: Key) -> Finding:
    do = f"govgraph keys rotate {key.name} --grace 24 --expires DATE"
    return Finding(
        "keys", "warning", f"密钥 {key.name} 将于 {key.expires:%Y-%m-%d %H:%M} UTC 过期",
        f"The key {key.name} expires on {key.expires:%Y-%m-%d %H:%M} UTC", do, do,
    )  # fmt: skip


def audit(asked: Asked) -> Iterator[Finding]:
    """Is the audit log one, line by line, with no number left out?"""
    log = Audit(asked.settings.home)
    if not log.path.exists():
        return
    try:
        numbers = [line["number"] for line in log.page(1 << 62 if asked.deep else 100)]
        gap = any(later != earlier + 1 for later, earlier in pairwise(numbers))
        broken = gap or (asked.deep and numbers and numbers[-1] != 1)
    except (OSError, GovgraphError):
        broken = True
    if broken:
        yield Finding(
            "audit", "error", "审计日志缺行或已被改动", "Lines of the audit log are missing or were changed",
            f"与备份中的 {AUDIT} 比较", f"compare {AUDIT} with that of a backup",
        )  # fmt: skip
    else:
        yield Finding(
            "audit",
            "ok",
            f"审计日志 {numbers[0] if numbers else 0} 行",
            f"The audit log has {numbers[0] if numbers else 0} lines",
        )

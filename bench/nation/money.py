"""What a community does and what it costs: a project, its roles, money and numbers."""

from __future__ import annotations

from random import Random

from bench.nation import dates, words
from bench.nation.places import Community

YEARS = range(2018, 2026)


def rows(community: Community, office: str, sentence: str, random: Random) -> dict[str, list[str]]:
    """Project, role, flows, observation and, for one in three, a target group."""
    c, draw = community.id, random.random
    service = words.one(random, words.SERVICES)
    people = 20 + int(draw() * 400)
    tables = {
        "projects.csv": [_project(c, office, service, sentence, random)],
        "project_roles.csv": [
            f"{c}-r0,{c}-j0,{c},社会工作服务站,organization/{c}-sgz,牵头实施,synthetic,\n"
        ],
        "funding_flows.csv": _flows(c, office, random),
        "observations.csv": [
            f"{c}-o0,project/{c}-j0,n-beneficiaries,{people},{people},,atLeastApprox,person,"
            f"{YEARS[int(draw() * 8)]},{people}余人,synthetic,\n"
        ],
    }
    if community.number % 3 == 0:
        tables["target_groups.csv"] = [f"{c}-g0,{c}-j0,{service}对象,{c}-o0,synthetic,\n"]
    return tables


def _project(c: str, office: str, service: str, sentence: str, random: Random) -> str:
    start, end = dates.start(random, 2016, 2020), dates.end(random, 2022, 2025)
    # Here and there a cell of two lines, after which lines and rows are counted differently.
    note = '"虚构的项目，\n备注有两行"' if random.random() < 0.02 else ""
    return f"{c}-j0,{service}项目,{service},{c},{office},{c}-sgz,{start},{end},{note},synthetic,{sentence}\n"


def _flows(c: str, office: str, random: Random) -> list[str]:
    """A total with a known and an unknown part, or one sum that is exact, nearly or not known."""
    draw = random.random
    year, purpose = YEARS[int(draw() * 8)], words.one(random, words.PURPOSES)
    total = 10_000 + int(draw() * 40_000) * 10
    begin, rest = f"{office},{c}-sgz,{purpose}", f"{year},%s,{c}-j0,synthetic,\n"
    single = rest % ""
    shape = draw()
    if shape < 0.4:
        part = f"{rest % (c + '-f0')}"
        known = f"{total * 0.6:.2f}"
        return [
            f"{c}-f0,{begin},total,{total},{total},{total},,CNY,exact,{single}",
            f"{c}-f1,{begin},subsidy,{known},,,,CNY,exact,{part}",
            f"{c}-f2,{begin},purchaseOfService,,,,,CNY,unknown,{part}",
        ]
    if shape < 0.7:
        return [f"{c}-f0,{begin},grant,{total}.50,,,,CNY,exact,{single}"]
    if shape < 0.85:
        return [f"{c}-f0,{begin},grant,,,{total},近{total}元,CNY,approxBelow,{single}"]
    return [f"{c}-f0,{begin},inKind,,,,,,unknown,{single}"]

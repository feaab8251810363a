"""What answers about money rest on, in words."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govgraph.governance.answer import Coverage


def of_sums(
    selected: pl.DataFrame, top: pl.DataFrame, sums: pl.DataFrame, left_out: int = 0
) -> list[Coverage]:
    """Of sums: how many of the flows counted have an amount, a year, a place in the period and a
    rate; how many stand inside totals; how many share an identifier."""
    return [
        amounts(top),
        *_inside(selected, top),
        *dated(top, left_out),
        *uncertain(top),
        *_repeated(sums),
        *_passed_on(top),
        *_unconverted(sums),
    ]


def amounts(flows: pl.DataFrame) -> Coverage:
    """How many flows have an amount; `value` is null without one."""
    known, total = flows["value"].count(), flows.height
    return Coverage(
        "amounts-known",
        known,
        total,
        f"{total} 笔资金流中有 {known} 笔写明金额，{total - known} 笔金额未知",
        f"{known} of {total} flows have an amount, {total - known} have none",
    )


def _inside(selected: pl.DataFrame, top: pl.DataFrame) -> Iterator[Coverage]:
    if selected.height > top.height:
        known, total = top.height, selected.height
        yield Coverage(
            "counted-once",
            known,
            total,
            f"选出的 {total} 笔资金流中，{total - known} 笔是其他合计的组成部分，不再重复计算",
            f"{total - known} of the {total} flows selected are parts of others and not counted again",
        )


def dated(flows: pl.DataFrame, left_out: int = 0) -> Iterator[Coverage]:
    """How many flows have a year, if not all; `left_out` are those without, where one is asked
    for."""
    known, total = flows["year"].count(), flows.height + left_out
    if left_out:
        yield Coverage(
            "years-known",
            known,
            total,
            f"{total} 笔资金流中有 {known} 笔写明年份；{left_out} 笔没有年份，按年筛选时不在其内",
            f"{known} of {total} flows have a year; {left_out} without one are left out, since a"
            " year was asked for",
        )
    elif known < total:
        yield Coverage(
            "years-known",
            known,
            total,
            f"{total} 笔资金流中有 {known} 笔写明年份，其余没有写明",
            f"{known} of {total} flows have a year; the others state none",
        )


def uncertain(flows: pl.DataFrame) -> Iterator[Coverage]:
    """How many flows are surely of the period asked for, if not all."""
    known, total = int((flows["in_period"] == "yes").sum()), flows.height
    if known < total:
        yield Coverage(
            "surely-in-period",
            known,
            total,
            f"{total} 笔资金流中有 {known} 笔确在所问时段之内，其余只是可能，未计入金额与下限",
            f"{known} of {total} flows are surely of the period; the others perhaps, and add"
            " nothing to value and lower bound",
        )


def _repeated(sums: pl.DataFrame) -> Iterator[Coverage]:
    repeated, total = int(sums["repeated"].sum()), int(sums["flows"].sum())
    if repeated:
        yield Coverage(
            "identifiers-unshared",
            total - repeated,
            total,
            f"{total} 笔资金流中有 {repeated} 笔与别的资金流同号；按每号一笔计的合计另列",
            f"{repeated} of {total} flows share an identifier with another; the sums with each"
            " identifier counted once stand beside",
        )


def _passed_on(flows: pl.DataFrame) -> Iterator[Coverage]:
    total = flows.height
    if not total:
        return
    again = int(flows["funder"].is_in(flows["recipient"].drop_nulls().implode()).sum())
    if again:
        yield Coverage(
            "not-passed-on",
            total - again,
            total,
            f"{total} 笔资金流中有 {again} 笔由本身也收款的组织付出，同一笔钱可能在链上计了不止一次",
            f"{again} of {total} flows are from organizations that receive money too, so that money"
            " passed on may be counted at each step",
        )


def _unconverted(sums: pl.DataFrame) -> Iterator[Coverage]:
    total = int(sums["flows"].sum())
    known = total - int(sums.filter(~pl.col("converted"))["flows"].sum())
    if known < total:
        yield Coverage(
            "converted",
            known,
            total,
            f"{total} 笔资金流中有 {known} 笔有汇率可换算，其余按原货币另列",
            f"{known} of {total} flows could be converted; the others stand in their own currency",
        )


def named(flows: pl.DataFrame) -> Iterator[Coverage]:
    """How many flows name the one group that they belong to, if not all."""
    known, total = flows.filter(named="one").height, flows.height
    if known < total:
        yield Coverage(
            "groups-named",
            known,
            total,
            f"{total} 笔资金流中有 {known} 笔写明唯一的分组，其余无从归入，不在此列",
            f"{known} of {total} flows name one group; the others cannot be told apart by it and"
            " are not here",
        )


def verdicts(told: pl.Series) -> Coverage:
    """How many judgements are yes or no."""
    total, known = told.len(), told.len() - int((told == "unknown").sum())
    return Coverage(
        "judged",
        known,
        total,
        f"{total} 项判断中有 {known} 项可以断定，{total - known} 项因金额或日期不明而无法断定",
        f"{known} of {total} can be told; {total - known} cannot, because amounts or dates are unknown",
    )


def sides(flows: pl.DataFrame, linked: pl.DataFrame) -> Coverage:
    """How many flows name two organizations that can be compared."""
    known, total = linked["flow"].n_unique(), flows.height
    return Coverage(
        "sides-known",
        known,
        total,
        f"{total} 笔资金流中有 {known} 笔写明可比的双方，其余无从比较",
        f"{known} of {total} flows name two sides to compare; nothing can be said of the others",
    )

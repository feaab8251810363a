"""Invented names: of people, places and projects."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志文玉兰红梅雪春生海燕鹏飞宇浩博思远嘉欣怡子涵梓轩若曦晨光"
QUARTERS = (
    "幸福",
    "海棠",
    "朝阳",
    "和平",
    "光明",
    "新华",
    "解放",
    "建设",
    "团结",
    "长安",
    "花园",
    "滨江",
)
ENDINGS = ("东里", "西里", "南苑", "北苑", "新村", "一区", "二区", "家园", "桥头", "里")
SERVICES = (
    "助老",
    "青少年服务",
    "邻里互助",
    "社区矫正",
    "垃圾分类",
    "社区食堂",
    "儿童之家",
    "心理服务",
)
PURPOSES = ("专项经费", "服务群众经费", "党建经费", "公益金", "以奖代补")


def one(random: Random, of: Sequence[str]) -> str:
    """One of them; faster than Random.choice, which matters for millions of names."""
    return of[int(random.random() * len(of))]


def person(random: Random) -> str:
    """A name of two or three characters."""
    second = one(random, GIVEN) if random.random() < 0.8 else ""
    return one(random, SURNAMES) + one(random, GIVEN) + second


def community(random: Random) -> str:
    return one(random, QUARTERS) + one(random, ENDINGS)

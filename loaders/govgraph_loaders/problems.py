"""What can be wrong with a table: stable codes, coordinates, messages in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]

#: code -> (severity, Chinese, English). `{…}` are filled from the problem's details.
CATALOGUE: dict[str, tuple[Severity, str, str]] = {
    # metadata and files
    "metadata-invalid": ("error", "元数据有误：{why_zh}", "The metadata is not valid: {why}"),
    "metadata-ignored": (
        "warning",
        "元数据中的 {what} 不起作用",
        "{what} in the metadata has no effect",
    ),
    "no-metadata": (
        "error",
        "该文件既不是标准表，也没有 CSVW 元数据；请提供 {expected}",
        "Not a standard table and without CSVW metadata; provide {expected}",
    ),
    "missing-file": (
        "error",
        "元数据声明的文件不存在",
        "The file named by the metadata does not exist",
    ),
    "unreadable-file": ("error", "文件无法读取：{why}", "The file cannot be read: {why}"),
    "empty-file": ("error", "文件为空，连表头也没有", "The file is empty: not even a header row"),
    "encoding-guessed": (
        "warning",
        "未声明编码，按 {encoding} 读取；请在元数据 dialect.encoding 中写明",
        "No encoding is declared; read as {encoding}. Say so in dialect.encoding",
    ),
    "missing-column": (
        "error",
        "文件中没有所声明的列",
        "A declared column is missing from the file",
    ),
    "unknown-column": (
        "warning",
        "该列未声明，没有载入{hint_zh}",
        "The column is not declared and was not loaded{hint}",
    ),
    "header-mismatch": (
        "error",
        "表头与元数据不符：该列未在元数据中声明{hint_zh}",
        "The header does not match the metadata: this column is not declared{hint}",
    ),
    "duplicate-header": ("error", "列名重复", "The column name appears more than once"),
    # rows
    "ragged-row": (
        "error",
        "本行有 {found} 个单元格，应为 {expected} 个",
        "The row has {found} cells, {expected} expected",
    ),
    "malformed-quoting": (
        "error",
        "带引号的单元格之后不是分隔符，也不是行尾",
        "A quoted cell is followed neither by the delimiter nor by the end of the line",
    ),
    "unclosed-quote": (
        "error",
        "引号从本行开始，直到文件末尾没有闭合",
        "A quote opened in this row is never closed before the end of the file",
    ),
    "cell-too-long": (
        "error",
        "单元格超过 {limit} 个字符",
        "The cell is longer than {limit} characters",
    ),
    "blank-line": ("warning", "空行，未计为数据行", "Blank line, not counted as a row"),
    "nul-byte": ("error", "单元格含有 NUL 字节", "The cell contains a NUL byte"),
    "invalid-encoding": (
        "error",
        "单元格中有不能按 {encoding} 解码的字节",
        "The cell contains bytes that are not valid {encoding}",
    ),
    # cells
    "required-cell-empty": ("error", "必填单元格为空", "A required cell is empty"),
    "missing-identifier": (
        "error",
        "编号所用的单元格为空，无法为本行生成标识",
        "The cell that identifies the row is empty",
    ),
    "not-allowed-value": (
        "error",
        "不在允许的取值之内（{allowed_zh}）{hint_zh}",
        "Not one of the allowed values ({allowed}){hint}",
    ),
    "format-mismatch": ("error", "不符合格式 {format}", "Does not match the format {format}"),
    "invalid-value": ("error", "不是合法的 {datatype}", "Not a valid {datatype}"),
    "invalid-number": ("error", "不是合法的数（{datatype}）", "Not a valid number ({datatype})"),
    "invalid-boolean": (
        "error",
        "不是合法的布尔值（{expected}）",
        "Not a valid boolean ({expected})",
    ),
    "invalid-date": (
        "error",
        "不是合法的日期或时间（{expected}）",
        "Not a valid date or time ({expected})",
    ),
    "invalid-edtf": (
        "error",
        "不是合法的 EDTF 日期（如 2012、2012-06、2012-06-01、..）",
        "Not a valid EDTF date (such as 2012, 2012-06, 2012-06-01 or ..)",
    ),
    "invalid-uri": ("error", "不是合法的 URI", "Not a valid URI"),
    "out-of-range": ("error", "超出范围：{constraint}", "Out of range: {constraint}"),
    "wrong-length": ("error", "长度不符：{constraint}", "Wrong length: {constraint}"),
    "invalid-check-digit": (
        "error",
        "统一社会信用代码校验位错误，应为 {expected}",
        "The check digit of the credit code is wrong, it should be {expected}",
    ),
    # keys
    "ambiguous-reference": (
        "error",
        "被引用的值在 {target_zh} 中出现不止一次",
        "The value is found more than once in {target}",
    ),
    "duplicate-key": (
        "error",
        "主键重复，首次出现在 {first} 第 {first_row} 行",
        "Duplicate primary key, first seen in {first}, row {first_row}",
    ),
    "unresolved-reference": (
        "error",
        "引用的对象在 {target_zh} 中不存在{hint_zh}",
        "The value refers to nothing in {target}{hint}",
    ),
    "reference-to-rejected-row": (
        "error",
        "引用的行在 {target_zh} 中被拒绝，本行随之拒绝",
        "The row referred to in {target} was rejected, so this one is too",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding at its coordinates. `row` 1 is the first data row; `line` counts from 1 in the
    file; either is None where the finding concerns the whole table."""

    code: str
    severity: Severity
    dataset: str
    table: str
    row: int | None
    line: int | None
    column: str | None
    value: str | None
    message_zh: str
    message_en: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


VALUE_LIMIT = 200


def problem(
    code: str,
    *,
    dataset: str,
    table: str,
    row: int | None = None,
    line: int | None = None,
    column: str | None = None,
    value: str | None = None,
    severity: Severity | None = None,
    **details: object,
) -> Problem:
    """Make a Problem from the catalogue; unknown codes are a programming error (KeyError)."""
    default, zh, en = CATALOGUE[code]
    if value is not None and len(value) > VALUE_LIMIT:
        value = value[:VALUE_LIMIT] + "…"
    filled = {"hint": "", "hint_zh": "", **details}
    return Problem(
        code, severity or default, dataset, table, row, line, column, value,
        zh.format_map(filled), en.format_map(filled),
    )  # fmt: skip


def near_hint(near: Sequence[str]) -> dict[str, str]:
    """The details `hint` and `hint_zh` for the nearest match, if there is one."""
    if not near:
        return {}
    return {"hint": f"; did you mean {near[0]}?", "hint_zh": f"\uff0c是否想写 {near[0]}\uff1f"}


class CellError(ValueError):
    """A cell's text is not of its datatype. Carries the problem code and its details."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

"""The shape of a rulebook: its tables, their columns, and what a bad row is told.

A table comes in and goes out as CSV. Every bad row is named at once, with its number in the file (the head is
row 1), the column and the reason in both languages, so that a table is put right in one go.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Content = Mapping[str, Sequence[Row]]
_REQUIRED: Any = object()
_MOST_ROWS = 20_000


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a table: where it stands, and why, in Chinese and in English."""

    table: str
    row: int | None
    column: str | None
    zh: str
    en: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.table, self.row and f"row {self.row}", self.column) if part)
        return f"{where}: {self.en}"


class BadCell(ValueError):
    """Raised by a column's reader: what the cell may hold, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass(frozen=True)
class Column:
    """One column: how a cell is read and written; a column with `blank` may be empty and then holds that."""

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    blank: Any = _REQUIRED

    def value_of(self, cell: str) -> Any:
        """Read one cell, or raise BadCell."""
        text = cell.strip()
        if text:
            return self.read(text)
        if self.blank is _REQUIRED:
            raise BadCell("不能为空", "must not be empty")
        return self.blank

    def cell_of(self, value: Any) -> str:
        """Write one value so that `value_of` reads the same again."""
        return "" if self.blank is not _REQUIRED and value == self.blank else self.write(value)


@dataclass(frozen=True)
class Table:
    """One table of a rulebook; `key` names the columns that tell its rows apart."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]


@dataclass
class ReadTable:
    """The good rows of a table with their lines in the file, and what is wrong with the others."""

    rows: list[Row] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_csv(table: Table, text: str) -> ReadTable:
    """Read a table from CSV, keeping the good rows and naming every bad one."""
    found = ReadTable()
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), restval="")
    try:
        wrong = _wrong_head(table, reader.fieldnames or [])
        if wrong is None:
            _read_rows(table, reader, found)
        else:
            found.faults.append(wrong)
    except csv.Error as error:
        line = reader.line_num + 1
        found.faults.append(Fault(table.name, line, None, f"不是有效的CSV（{error}）", f"no CSV ({error})"))
    return found


def _read_rows(table: Table, reader: csv.DictReader[str], found: ReadTable) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for cells in reader:
        if reader.line_num > _MOST_ROWS:
            found.faults.append(Fault(table.name, reader.line_num, None, f"超过{_MOST_ROWS}行",
                                      f"more than {_MOST_ROWS} rows"))  # fmt: skip
            return
        _read_row(table, reader.line_num, cells, seen, found)


def blank_row(table: Table) -> Row:
    """Give what a row holds in the columns that may be empty."""
    return {column.name: column.blank for column in table.columns if column.blank is not _REQUIRED}


def write_csv(table: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    """Write a table as CSV that `read_csv` reads back to the same rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows([column.cell_of(row[column.name]) for column in table.columns] for row in rows)
    return out.getvalue()


def _wrong_head(table: Table, names: Sequence[str]) -> Fault | None:
    needed = [column.name for column in table.columns if column.blank is _REQUIRED]
    missing = [name for name in needed if name not in names]
    unknown = [name for place, name in enumerate(names)
               if name not in table.column_names or name in names[:place]]  # fmt: skip
    if not missing and not unknown:
        return None
    columns, lacks, extra = ", ".join(table.column_names), ", ".join(missing), ", ".join(unknown)
    zh = f"表头不正确；缺少：{lacks or '无'}；不认识或重复：{extra or '无'}；应为：{columns}"
    en = f"wrong head; missing: {lacks or 'none'}; unknown or twice: {extra or 'none'}; known: {columns}"
    return Fault(table.name, 1, None, zh, en)


def _read_row(
    table: Table, number: int, cells: Mapping[str, Any], seen: dict[tuple[Any, ...], int], found: ReadTable
) -> None:
    row: Row = {}
    faults = []
    if None in cells:
        faults.append(Fault(table.name, number, None, "单元格多于表头", "more cells than the head has"))
    for column in table.columns:
        try:
            row[column.name] = column.value_of(cells.get(column.name) or "")
        except BadCell as bad:
            faults.append(Fault(table.name, number, column.name, bad.zh, bad.en))
    key = tuple(row.get(name) for name in table.key)
    if not faults and key in seen:
        name = ", ".join(str(part) for part in key if part is not None)
        faults.append(Fault(table.name, number, table.key[0], f"{name}与第{seen[key]}行重复",
                            f"{name} stands in row {seen[key]} already"))  # fmt: skip
    if faults:
        found.faults += faults
        return
    seen[key] = number
    found.rows.append(row)
    found.lines.append(number)

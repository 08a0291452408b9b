"""Spreadsheets do not calculate what customers wrote."""

import csv
import io
import re

from odoo.addons.web.controllers.export import CSVExport, ExcelExport

# What the writer of XLSX makes a formula of; any other text is text there.
FORMULA = ("=", "{=")
# What spreadsheets calculate of a CSV, where a text and a formula look the same.
CALCULATED = ("=", "+", "-", "@", "\t", "\r")
# Numbers, phone numbers and a lone sign: nothing to calculate. "+49-30-123" is a subtraction.
_NUMBER = re.compile(r"[+-][\d\s.,()%]*")


def quoted(value):
    """Return a cell of an XLSX that stands for itself: a stranger's mail sets the subject of a case."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def quoted_in_csv(value):
    """Return a cell of a CSV that stands for itself."""
    if not isinstance(value, str) or not value.startswith(CALCULATED) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}"


def _quote_group(group):
    """Quote the rows of a group and of those below it, and their names."""
    group.data = [[quoted(value) for value in row] for row in group.data]
    group.children = type(group.children)(
        (tuple(map(quoted, name)) if isinstance(name, tuple) else quoted(name), child)
        for name, child in group.children.items()
    )
    for child in group.children.values():
        _quote_group(child)


class GovernanceExcelExport(ExcelExport):
    """XLSX."""

    def from_data(self, fields, columns_headers, rows):
        """EXTENDS web: text is text."""
        rows = [[quoted(value) for value in row] for row in rows]
        return super().from_data(fields, columns_headers, rows)

    def from_group_data(self, fields, columns_headers, groups):
        """EXTENDS web: the same in groups."""
        _quote_group(groups)
        return super().from_group_data(fields, columns_headers, groups)


class GovernanceCSVExport(CSVExport):
    """CSV."""

    def from_data(self, fields, columns_headers, rows):
        """OVERRIDES web, which quotes phone numbers and leaves @ alone."""
        file = io.StringIO()
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(columns_headers)
        for row in rows:
            cells = ["" if cell is None or cell is False else cell for cell in row]
            cells = [cell.decode() if isinstance(cell, bytes) else cell for cell in cells]
            writer.writerow([quoted_in_csv(cell) for cell in cells])
        return file.getvalue()

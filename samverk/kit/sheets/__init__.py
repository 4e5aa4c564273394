"""Reads lists as people send them: CSV in any encoding, XLSX and XLS, with titles, merged headers and totals.

`guess_sheet` says how a file will be read, `sheet_rows` reads it so. Nothing here knows what the columns mean.
"""

from samverk.kit.sheets.errors import SheetError
from samverk.kit.sheets.layout import one_line
from samverk.kit.sheets.reading import Column, Decided, Row, SheetGuess, guess_sheet, sheet_rows

__all__ = ["Column", "Decided", "Row", "SheetError", "SheetGuess", "guess_sheet", "one_line", "sheet_rows"]

"""What a reader of spreadsheets says when it cannot go on."""


class SheetError(Exception):
    """A fault in somebody's file, in words for the person who sent it.

    `where` is the place (file, sheet, row), `what` the fault, `do` the next step.
    """

    def __init__(self, where: str, what: str, do: str) -> None:
        super().__init__(where, what, do)
        self.where = where
        self.what = what
        self.do = do

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.do}"

"""The year on one page: stages, regions, what is stuck, the money; out of every room's rows.

`scope` says whose eyes, year and region; `counting` counts set-wise; `stages`, `table`, `carriers`,
`decisions` and `money` read that; `page` puts it together, `workbook` writes the table out.
"""

from portal.progress.page import home_parts_for, progress_of
from portal.progress.scope import Unknown, scope_of

__all__ = ["Unknown", "home_parts_for", "progress_of", "scope_of"]

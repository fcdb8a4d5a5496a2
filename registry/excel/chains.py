"""The chains of zones as CSV: a line a zone, what the page shows of it."""

from __future__ import annotations

import csv
import io
from datetime import date

from core.http import said
from core.text import T
from registry.excel.carriers import plain
from registry.queries.chains import Chains
from registry.rules.chains import COLUMNS
from registry.rules.vocabulary import KINDS, Kind


def text(found: Chains, *, on: date) -> bytes:
    """In UTF-8 with its mark, which spreadsheets need to read Chinese; each line says its day."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    kinds = [said(KINDS[Kind(kind)]) for kind in COLUMNS]
    heads = [T("区划代码"), T("设区市"), T("县（市、区）、开发区")]
    writer.writerow([*(said(one) for one in heads), *kinds, said(T("缺少环节")), said(T("事实截至"))])
    for row in found.rows:
        city = found.cities.get(row.place.city)
        lacking = said(T("、")).join(said(KINDS[Kind(kind)]) for kind in row.lacking)
        names = [row.place.code, city.place.name if city else "", row.place.name]
        counts = [str(row.counts[kind]) for kind in COLUMNS]
        writer.writerow([*(plain(one) for one in names), *counts, lacking, on.isoformat()])
    return target.getvalue().encode("utf-8-sig")

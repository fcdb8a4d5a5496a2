"""The line of a carrier as a small timeline: renames, moves, mergers and splits of all that belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from operator import attrgetter

from accounts.actors import Actor
from core.formats import number
from core.http import said
from core.slots import Panel
from core.text import T
from registry.models import Carrier, CarrierLink, CarrierVersion
from registry.queries.lineage import Lineage, line_of
from registry.rules.lineage import LinkKind

Entry = tuple[date, str, str]  # the day, what happened, by which document


def panel_of_line(carrier: Carrier, actor: Actor) -> list[Panel]:
    """Public: nothing for a carrier that stands alone."""
    line = line_of(carrier)
    if not line.links:
        return []
    entries = sorted([*_links(line), *_versions(line.past)], key=lambda one: one[0], reverse=True)
    others = [one.pk for one in (*line.ancestors, *line.descendants)]
    seen = set(Carrier.objects.visible_to(actor).filter(pk__in=others).values_list("pk", flat=True))
    context = {
        "entries": [{"at": on, "what": what, "who": basis, "tone": "info"} for on, what, basis in entries],
        "before": [(one, one.pk in seen) for one in line.ancestors],
        "after": [(one, one.pk in seen) for one in line.descendants],
    }
    return [Panel(T("承接关系"), "registry/_line_panel.html", context, order=5)]


def _links(line: Lineage) -> Iterator[Entry]:
    """One entry for what happened on one day by one document."""
    ordered = sorted(line.links, key=lambda one: (one.happened_on, one.kind, one.document))
    for _key, group in groupby(ordered, key=attrgetter("happened_on", "kind", "document")):
        links = list(group)
        yield links[0].happened_on, _told(links), links[0].document


def _told(links: Sequence[CarrierLink]) -> str:
    comma = said(T("、"))
    if links[0].kind == LinkKind.MERGER:
        names = comma.join(dict.fromkeys(link.predecessor.name for link in links))
        return said(T("{names}并入{name}", names=names, name=links[0].successor.name))
    parts = comma.join(
        said(T("{name} {share}%", name=link.successor.name, share=number(link.share * 100))) for link in links
    )
    return said(T("{name}分立为{parts}", name=links[0].predecessor.name, parts=parts))


def _versions(carriers: Sequence[Carrier]) -> Iterator[Entry]:
    """Renames and moves. One query."""
    rows = CarrierVersion.objects.filter(carrier__in=carriers).select_related("region")
    ordered = rows.order_by("carrier_id", "valid_from", "recorded_at")
    for _carrier, group in groupby(ordered, key=attrgetter("carrier_id")):
        held = list({row.valid_from: row for row in group}.values())
        for before, row in pairwise(held):
            if before.name != row.name:
                words = T("{old} 更名为 {new}", old=before.name, new=row.name)
                yield row.valid_from, said(words), row.basis
            if before.region_id != row.region_id:
                words = T("{name}自{old}迁至{new}", name=row.name, old=before.region, new=row.region)
                yield row.valid_from, said(words), row.basis

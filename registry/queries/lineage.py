"""The line of a carrier: whose past it carries on, and who carries on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from registry.models import Carrier, CarrierLink
from registry.rules.lineage import ancestors, carried, descendants, family


@dataclass(frozen=True, slots=True)
class Lineage:
    """The line of a carrier: its links with everybody before and after it, the oldest first. `ancestors` and
    `descendants` are the nearest first."""

    carrier: Carrier
    links: Sequence[CarrierLink] = ()
    ancestors: Sequence[Carrier] = ()
    descendants: Sequence[Carrier] = ()

    @property
    def past(self) -> list[Carrier]:
        """Itself and those whose past it carries on."""
        return [self.carrier, *self.ancestors]

    def carried(self, figures: Mapping[int, Decimal], places: int = 2) -> Decimal | None:
        """Of a figure by carrier (its row's key), what this one carries of its own and its ancestors'; None
        where none of them has it. Over all heads of a line it adds up to what all of them had."""
        links = [link.as_link for link in self.links]
        return carried(figures, links, places=places).get(self.carrier.pk)


def line_of(carrier: Carrier) -> Lineage:
    """Whose past a carrier carries on, and who carries on its own. One query where it stands alone, three
    else."""
    mine = Q(predecessor=carrier) | Q(successor=carrier)
    if not CarrierLink.objects.filter(mine).exists():
        return Lineage(carrier)
    rows = list(CarrierLink.objects.order_by("happened_on", "pk"))
    links = [row.as_link for row in rows]
    keys = family(carrier.pk, links)
    known = Carrier.objects.select_related("region").in_bulk(keys)
    own = [row for row in rows if row.predecessor_id in keys]
    for row in own:
        row.predecessor, row.successor = known[row.predecessor_id], known[row.successor_id]
    return Lineage(
        carrier=carrier,
        links=own,
        ancestors=[known[key] for key in ancestors(carrier.pk, links)],
        descendants=[known[key] for key in descendants(carrier.pk, links)],
    )

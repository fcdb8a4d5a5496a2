"""Sentences for people, made in rooms that know no web framework.

A `Text` is the Chinese sentence (which is also the key of its translation) with the values that
belong in it. Plain rules make them; an edge says in which language they are shown by handing
`said` the look-up of its framework. `str()` gives the Chinese sentence, the source of the wording.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Text:
    """A Chinese sentence with named places, and what stands in them."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said(lambda msgid: msgid)

    def __bool__(self) -> bool:
        return bool(self.msgid)

    def said(self, translate: Translate) -> str:
        """The sentence in the language of `translate`; a value that is itself a `Text` follows."""
        values = {
            name: value.said(translate) if isinstance(value, Text) else value
            for name, value in self.values.items()
        }
        sentence = translate(self.msgid) if self.msgid else ""
        return sentence.format(**values) if values else sentence


def T(msgid: str, /, **values: object) -> Text:
    """Marks `msgid` for translation (the extraction knows this name) and binds its values."""
    return Text(msgid, values)


def chained(parts: Sequence[Text], link: Text) -> Text:
    """Sentences one after the other; `link` has the places {head} and {rest}. At least one part."""
    head, *rest = parts
    return Text(link.msgid, {"head": head, "rest": chained(rest, link)}) if rest else head

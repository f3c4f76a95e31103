"""For those who read approved wordings and no Items: these, a file each, and nothing else."""

from __future__ import annotations

from django.utils.text import slugify

from filrouge.core import lists
from filrouge.core.models import Face
from filrouge.people.models import User

from . import sheets
from .contents import kinds


def files(reader: User) -> dict[str, str]:
    """Path -> content, in the reader's language where there is such a wording."""
    return {
        _path(model.kind.slug, face): _text(face)
        for model in kinds()
        for face in lists.faces(model, reader).order_by("item_id")
    }


def _path(slug: str, face: Face) -> str:
    return f"{slug}/{face.item_id:04}-{slugify(face.title)[:50].strip('-') or 'x'}.md"


def _text(face: Face) -> str:
    told = {"title": face.title, **{name: str(value) for name, value in face.fields.items() if value}}
    told |= {"date": face.shown_date} if face.shown_date else {}
    told |= {"language": face.language, "approved_at": face.approved_at.isoformat()}
    return sheets.written(told, sheets.one_end(face.text).strip())

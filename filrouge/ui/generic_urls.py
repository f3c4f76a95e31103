"""Addresses of every Kind. Included last: a capability's own page for a Kind comes before."""

from typing import Any

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from filrouge.core.kinds import item_type
from filrouge.ui import acts, exports, generic, palette, picking


class KindConverter(StringConverter):
    """A Kind's slug in an address, its type in a view."""

    regex = "[a-z][a-z_-]*"

    def to_python(self, value: str) -> Any:
        model = item_type(value)
        if model is None:
            raise ValueError(value)
        return model

    def to_url(self, value: Any) -> str:
        return value if isinstance(value, str) else str(value.kind.slug)


class VerbConverter(StringConverter):
    """A Verb's name, with dashes or underscores."""

    regex = "[a-z][a-z_-]*"

    def to_python(self, value: str) -> str:
        return value.replace("-", "_")


register_converter(KindConverter, "kind")
register_converter(VerbConverter, "verb")

urlpatterns = [
    path("palette/", palette.palette, name="palette"),
    path("pick/", picking.pick, name="pick"),
    path("exports/<int:pk>/", exports.progress, name="export_progress"),
    path("exports/<int:pk>/file/", exports.download, name="export_file"),
    path("<kind:model>/", generic.list_page, name="items"),
    path("<kind:model>/export/", exports.export, name="items_export"),
    path("<kind:model>/new/<verb:verb>/", acts.make, name="item_make"),
    path("<kind:model>/<int:pk>/", generic.detail_page, name="item"),
    path("<kind:model>/<int:pk>/history/", generic.history_page, name="item_history"),
    path("<kind:model>/<int:pk>/thread/", generic.thread_page, name="item_thread"),
    path("<kind:model>/<int:pk>/<verb:verb>/", acts.act, name="item_act"),
]

from django.urls import path

from . import import_pages, pages

urlpatterns = [
    path("decisions/", pages.decisions, name="decisions"),
    path("decisions/log.zip", import_pages.log, name="decision-log"),
    path("decisions/peps.zip", import_pages.log, {"format": "pep"}, name="decision-peps"),
    path("decisions/import/", import_pages.imports, name="decision-imports"),
    path("decisions/import/<int:pk>/", import_pages.import_, name="decision-import"),
    path("decisions/import/<int:pk>/progress/", import_pages.progress, name="decision-import-progress"),
    path("decisions/import/<int:pk>/rejected.csv", import_pages.rejected, name="decision-import-rejected"),
    path("decisions/<int:pk>/", pages.decision, name="decision"),
    path("decisions/<int:pk>/memo.md", import_pages.memo, name="decision-markdown"),
    path("decisions/<int:pk>/memo.rst", import_pages.memo, {"format": "pep"}, name="decision-pep"),
    path("decisions/<int:pk>/edit_option/", pages.edit_option, name="edit-option"),
]

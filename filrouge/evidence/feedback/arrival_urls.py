from django.urls import path

from . import capture, pages

urlpatterns = [
    path("import/", pages.imports, name="imports"),
    path("import/<int:pk>/", pages.import_, name="import"),
    path("import/<int:pk>/progress/", pages.progress, name="import-progress"),
    path("import/<int:pk>/rejected/", pages.rejected, name="import-rejected"),
    path("import/<int:pk>/rejected.csv", pages.rejected_csv, name="import-rejected-csv"),
    path("import/rejected/", pages.rejected, name="api-rejected"),
    path("words/new/", capture.capture, name="capture"),
]

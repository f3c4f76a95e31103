from django.urls import path

from . import calendar_pages, export_pages, pages

urlpatterns = [
    path("calendar/", calendar_pages.address, name="calendar"),
    path("calendar/<str:secret>.ics", calendar_pages.feed, name="calendar-feed"),
    path("plans/", pages.plans, name="plans"),
    path("plans/export/", export_pages.export, name="plans-export"),
    path("plans/import/<int:pk>/", pages.import_, name="plan-import"),
    path("plans/import/<int:pk>/progress/", pages.progress, name="plan-import-progress"),
    path("plans/import/<int:pk>/rejected.csv", pages.rejected, name="plan-import-rejected"),
]

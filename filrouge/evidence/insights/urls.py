from django.urls import path

from . import heard, kept_quotes, pages, tray

urlpatterns = [
    path("insights/", pages.insights, name="insights"),
    path("insights/<int:pk>/", pages.insight, name="insight"),
    path("opportunities/", pages.opportunities, name="opportunities"),
    path("opportunities/<int:pk>/", pages.opportunity, name="opportunity"),
    path("opportunities/<int:pk>/brief/", pages.sheet, name="brief"),
    path("opportunities/<int:pk>/brief.md", pages.as_markdown, name="brief-markdown"),
    path("quotes/", kept_quotes.quotes, name="quotes"),
    path("quotes/<int:pk>/", pages.quote, name="quote"),
    path("tray/", tray.tray, name="tray"),
    path("heard/<int:pk>/", heard.heard, name="heard"),
    path("heard/<int:pk>/summary/", heard.summary, name="heard-summary"),
    path("heard/<int:pk>/people.csv", heard.people_csv, name="heard-csv"),
]

from django.urls import path

from . import reading_pages

urlpatterns = [
    path("search/", reading_pages.search, name="search"),
    path("search/answer/", reading_pages.answer, name="search-answer"),
    path("voices/companies/", reading_pages.companies, name="companies"),
    path("voices/companies/<int:pk>/", reading_pages.company, name="company"),
    path("voices/segments/", reading_pages.segments, name="segments"),
    path("sources/", reading_pages.sources, name="sources"),
]

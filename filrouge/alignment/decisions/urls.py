from django.urls import path

from . import pages

urlpatterns = [
    path("decisions/", pages.decisions, name="decisions"),
    path("decisions/<int:pk>/", pages.decision, name="decision"),
    path("decisions/<int:pk>/edit_option/", pages.edit_option, name="edit-option"),
]

from django.urls import path

from . import pages

urlpatterns = [
    path("sample/", pages.about, name="sample"),
    path("sample/remove/", pages.remove_sample, name="remove_sample"),
    path("tour/", pages.tour, name="tour"),
    path("tour/dismiss/", pages.dismiss, name="dismiss_tour"),
]

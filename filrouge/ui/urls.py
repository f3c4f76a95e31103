from django.urls import path

from filrouge.ui import pages

app_name = "ui"
urlpatterns = [
    path("ui/", pages.gallery, name="gallery"),
    path("preferences/language", pages.language, name="language"),
    path("preferences/density", pages.density, name="density"),
    path("preferences/theme", pages.theme, name="theme"),
]

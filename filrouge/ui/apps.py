from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "filrouge.ui"
    label = "ui"

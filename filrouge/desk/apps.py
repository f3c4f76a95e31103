from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "filrouge.desk"
    label = "desk"

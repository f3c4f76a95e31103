from django.apps import AppConfig


class NewKindConfig(AppConfig):
    name = "tests.newkind"
    label = "newkind"

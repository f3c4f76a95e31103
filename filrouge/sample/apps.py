from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "filrouge.sample"
    label = "sample"

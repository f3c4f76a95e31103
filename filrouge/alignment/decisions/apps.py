from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "filrouge.alignment.decisions"
    label = "decisions"

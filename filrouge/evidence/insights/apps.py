from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "filrouge.evidence.insights"
    label = "insights"

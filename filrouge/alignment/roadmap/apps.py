from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    name = "filrouge.alignment.roadmap"
    label = "roadmap"

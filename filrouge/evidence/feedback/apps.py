from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "filrouge.evidence.feedback"
    label = "feedback"

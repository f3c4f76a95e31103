from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "filrouge.voices"
    label = "voices"

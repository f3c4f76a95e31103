from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "filrouge.people"
    label = "people"

    def import_models(self) -> None:
        super().import_models()
        from . import tokens  # noqa: F401  its tables belong to this app

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "filrouge.people"
    label = "people"

    def import_models(self) -> None:
        super().import_models()
        from . import sessions, tokens  # noqa: F401  their tables belong to this app

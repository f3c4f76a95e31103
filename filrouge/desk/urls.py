from django.urls import path

from . import pages, people_pages, settings_pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("told/", pages.told, name="told"),
    path("comments/<int:pk>/", pages.comments, name="comments"),
    path("comments/<int:pk>/remove/", pages.remove_comment, name="remove_comment"),
    path("views/new/", pages.save_view, name="save_view"),
    path("views/<int:pk>/", pages.edit_view, name="edit_view"),
    path("views/<int:pk>/forget/", pages.forget_view, name="forget_view"),
    path("settings/", settings_pages.profile, name="profile"),
    path("settings/tokens/", settings_pages.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", settings_pages.revoke_token, name="revoke_token"),
    path("settings/deputies/", settings_pages.deputies, name="deputies"),
    path("settings/deputies/<int:pk>/end/", settings_pages.end_deputy, name="end_deputy"),
    path("settings/people/", people_pages.people, name="people"),
    path("settings/people/<int:pk>/", people_pages.change_person, name="change_person"),
    path(
        "settings/invitations/<int:pk>/withdraw/",
        people_pages.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("settings/teams/", people_pages.teams, name="teams"),
    path("settings/teams/new/", people_pages.edit_team, name="new_team"),
    path("settings/teams/<int:pk>/", people_pages.edit_team, name="edit_team"),
    path("settings/areas/new/", people_pages.edit_product, name="new_area"),
    path("settings/areas/<int:pk>/", people_pages.edit_product, name="edit_area"),
    path("settings/access/", people_pages.access_table, name="access_table"),
    path("settings/records/", people_pages.records, name="records"),
]

from django.urls import path

from . import checkins, frameworks, meeting, pages, settings_pages

urlpatterns = [
    path("goals/", pages.goals, name="goals"),
    path("goals/list/", pages.goals_list, name="goals-list"),
    path("goals/timeline/", pages.goals_timeline, name="goals-timeline"),
    path("goals/meeting/", meeting.meeting, name="goals-meeting"),
    path("goals/check-ins/", checkins.check_ins, name="check-ins"),
    path("goals/settings/", settings_pages.settings, name="goals-settings"),
    path("goals/settings/<slug:what>/new/", settings_pages.edit, name="goals-new-setting"),
    path("goals/settings/<slug:what>/<int:pk>/", settings_pages.edit, name="goals-edit-setting"),
    path("goals/as/<slug:name>/", frameworks.framework, name="goals-framework"),
    path("objectives/<int:pk>/", pages.goal, name="goal"),
    path("key-results/<int:pk>/", pages.key_result, name="key-result"),
]

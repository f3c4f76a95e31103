from allauth.account import views
from django.urls import URLPattern, path, re_path

from . import pages
from .gate import access


def public(route: str, view: object, name: str) -> URLPattern:
    return path(route, access("public")(view), name=name)  # type: ignore[arg-type]


urlpatterns = [
    path("welcome/", pages.welcome, name="welcome"),
    path("invitations/<str:secret>/", pages.invitation, name="invitation"),
    path("sample/be/<int:pk>/", pages.be_sample_user, name="be_sample_user"),
    public("sign-in/", pages.SignIn.as_view(), "account_login"),
    public("sign-up/", views.signup, "account_signup"),
    public("sign-out/", views.logout, "account_logout"),
    public("inactive/", views.account_inactive, "account_inactive"),
    public("password/reset/", views.password_reset, "account_reset_password"),
    public("password/reset/sent/", views.password_reset_done, "account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        access("public")(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    public(
        "password/reset/done/", views.password_reset_from_key_done, "account_reset_password_from_key_done"
    ),
    path("password/change/", access("signed_in")(views.password_change), name="account_change_password"),
    path("password/set/", access("signed_in")(views.password_set), name="account_set_password"),
]

from django.urls import path

from . import people_pages, quoting, words_pages

urlpatterns = [
    path("inbox/", words_pages.inbox, name="inbox"),
    path("words/<int:pk>/", words_pages.words, name="words"),
    path("words/<int:pk>/pane/", words_pages.pane, name="words-pane"),
    path("words/<int:pk>/quote/", quoting.quote_page, name="quote-page"),
    path("words/quote/", quoting.quote_words, name="quote-words"),
    path("words/read/", words_pages.mark_read, name="mark-read"),
    path("voices/people/", people_pages.people, name="people-heard"),
    path("voices/people/<int:pk>/", people_pages.person, name="person"),
    path("voices/people/<int:pk>/erase/", people_pages.erase_person, name="erase-person"),
]

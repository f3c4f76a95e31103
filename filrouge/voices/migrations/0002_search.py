from django.db import migrations

from filrouge.core.search import search_index


class Migration(migrations.Migration):
    dependencies = [("voices", "0001_voices")]
    operations = [search_index("voices_words")]

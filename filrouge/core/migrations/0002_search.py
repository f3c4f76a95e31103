from django.db import migrations

from filrouge.core.search import search_index


class Migration(migrations.Migration):
    dependencies = [("core", "0001_items")]
    operations = [search_index("core_item")]

"""Pure helpers: no models, no settings."""

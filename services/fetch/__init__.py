"""fetch: gets the URL of a job through a guarded HTTP client and publishes the page raw."""

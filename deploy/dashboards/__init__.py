"""OpenSearch Dashboards: described in panels.py, compiled to saved objects, imported by provisioning."""

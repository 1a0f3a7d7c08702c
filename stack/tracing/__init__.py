"""A small OTLP/HTTP receiver with a page that draws each trace as a waterfall.

For one machine and one developer. Anything else that speaks OTLP takes its place by OTEL_EXPORTER_OTLP_ENDPOINT.
"""

# The scheduled service. Build: docker build -t briefing .   Run: see compose.yaml
FROM python:3.12-slim
# Pinning Debian's packages would break the build at each of its updates: the release is pinned by the base image.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends \
      fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 briefing
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir --constraint constraints.txt ".[pdf,docx,pdf-out,sources,schedule]"
USER 1000
# briefing.toml, inbox, store and editions live here.
WORKDIR /srv/briefing
ENTRYPOINT ["briefing"]
CMD ["schedule", "--config", "/srv/briefing/briefing.toml"]

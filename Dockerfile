# docker run --rm -v "$PWD:/inventory:ro" -e MIST_APITOKEN mist-reconciler plan
FROM python:3.11-slim AS build
WORKDIR /src
COPY . .
# The environment has no pip of its own: the image's pip fills it, and what runs later is smaller.
RUN python -m venv --without-pip /opt/reconciler \
    && pip --python /opt/reconciler install --no-cache-dir --disable-pip-version-check --constraint constraints.txt .

FROM python:3.11-slim
LABEL org.opencontainers.image.title="mist-reconciler" \
      org.opencontainers.image.description="Declarative config-as-code for the Juniper Mist cloud" \
      org.opencontainers.image.licenses="Apache-2.0"
# `plan --base` asks git. The inventory is mounted and belongs to somebody else, which git has to be told is all right.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*' \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin reconciler
COPY --from=build /opt/reconciler /opt/reconciler
ENV PATH=/opt/reconciler/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /inventory
ENTRYPOINT ["reconciler"]
CMD ["--help"]

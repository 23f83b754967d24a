# The program for a server: web, worker and scheduler are the same image with other commands.
FROM node:24-bookworm-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /srv o2c
WORKDIR /app
ENV PYTHONUNBUFFERED=1 STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media O2C_VAR=/srv/var
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY --from=browser /app/node_modules node_modules
COPY . .
RUN SECRET_KEY=unused python manage.py collectstatic --noinput --verbosity 0 \
        --ignore '*.rtl*' --ignore '*.esm*' \
    && mkdir -p -m 700 /srv/media /srv/var && chown o2c: /srv/media /srv/var
USER o2c
EXPOSE 8000
CMD ["gunicorn", "o2c.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--no-control-socket"]

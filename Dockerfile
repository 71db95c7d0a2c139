# One image for web, worker and beat. Build: docker build -t mall .
FROM python:3.12-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /srv/venv
COPY requirements.txt /tmp/
RUN /srv/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/requirements.txt

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/mall --shell /usr/sbin/nologin mall \
 && install -d -o mall -g mall /srv/var /srv/media
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MALL_VAR=/srv/var MEDIA_ROOT=/srv/media
COPY --from=packages /srv/venv /srv/venv
COPY . /srv/mall
WORKDIR /srv/mall
# Static files and translations are made here, so that a container starts by starting. The values
# only satisfy the settings' own checks; none of them is kept in the image.
RUN python -m mall.runner messages \
 && SECRET_KEY=build-time-only-build-time-only-build-time-only-build-time \
    SITE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgres://build@127.0.0.1/build \
    python manage.py collectstatic --noinput --verbosity 0 \
 && chown -R mall:mall /srv/var
USER mall
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "mall.wsgi:application"]

"""The API of these tests, once in each web framework. `python apps.py NAME PORT` serves it.

The frameworks make the document and the pages; nothing here imitates them.
"""

import functools
import json
import os
import sys
import tempfile

# The old release has an operation that the new one has not.
OLD = os.environ.get("LIVE_RELEASE", "old") == "old"
# What clients need for everything, if anything.
SECRET = os.environ.get("LIVE_SECRET")
TOKEN = "token-0a1b2c3d4e5f"


def fast_api():
    """FastAPI as its tutorial has it: /docs, /redoc, /openapi.json."""
    import fastapi
    from fastapi.responses import JSONResponse

    app = fastapi.FastAPI(title="Harbour", version="1.0")

    @app.get("/ships")
    def ships(): ...

    @app.get("/ships/{ship}")
    def ship(ship: int): ...

    if OLD:
        @app.post("/ships/{ship}/paint")
        def paint(ship: int, colour: str): ...

    if SECRET:
        @app.post("/api/v1/token", include_in_schema=False)
        def token(body: dict):
            if body.get("grantType") == "client_credentials" and body.get("clientID") == "the-client" and body.get("clientSecret") == SECRET:
                return {"accessToken": TOKEN, "expiresIn": 300}
            return JSONResponse({"message": "unknown client"}, 401)

        @app.middleware("http")
        async def guard(request, call_next):
            allowed = request.headers.get("authorization") == f"Bearer {TOKEN}"
            if allowed or request.url.path == "/api/v1/token":
                return await call_next(request)
            return JSONResponse({"message": "log in first"}, 401)

    @app.get("/api/version", include_in_schema=False)
    def version():
        return {"version": "1.1.7" if OLD else "1.2.0"}

    return app


def fast_api_behind_a_prefix():
    """Its document and pages elsewhere, as behind a proxy."""
    import fastapi

    app = fastapi.FastAPI(title="Harbour", openapi_url="/api/v2/spec.json", docs_url="/api/v2/ui", redoc_url="/api/v2/re")

    @app.get("/ships")
    def ships(): ...

    @app.get("/ships/{ship}")
    def ship(ship: int): ...

    return app


def litestar():
    from litestar import Litestar, get
    from litestar.openapi import OpenAPIConfig
    from litestar.openapi.plugins import (
        RapidocRenderPlugin, RedocRenderPlugin, ScalarRenderPlugin, StoplightRenderPlugin, SwaggerRenderPlugin)

    @get("/ships")
    async def ships() -> None: ...

    @get("/ships/{ship:int}")
    async def ship(ship: int) -> None: ...

    plugins = [plugin() for plugin in (
        ScalarRenderPlugin, RapidocRenderPlugin, RedocRenderPlugin, StoplightRenderPlugin, SwaggerRenderPlugin)]
    return Litestar([ships, ship], openapi_config=OpenAPIConfig("Harbour", "1.0", render_plugins=plugins))


def django_app():
    """Django with drf-spectacular below /api and django-ninja below /ninja."""
    from django.conf import settings

    settings.configure(
        DEBUG=True, SECRET_KEY="not secret", ROOT_URLCONF="apps_urls", ALLOWED_HOSTS=["*"], STATIC_URL="/static/",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "drf_spectacular", "ninja"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        REST_FRAMEWORK={"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
                        "DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None},
        SPECTACULAR_SETTINGS={"TITLE": "Harbour", "VERSION": "1.0", "SERVE_INCLUDE_SCHEMA": False},
    )
    import django
    django.setup()

    import types
    from django.urls import path
    from drf_spectacular import views
    from drf_spectacular.utils import extend_schema
    from ninja import NinjaAPI, Redoc
    from rest_framework.decorators import api_view
    from rest_framework.response import Response

    @extend_schema(responses={200: str})
    @api_view(["GET"])
    def ships(request):
        return Response("")

    @extend_schema(responses={200: str})
    @api_view(["GET"])
    def ship(request, ship):
        return Response("")

    ninja = NinjaAPI(title="Harbour")
    ninja_redoc = NinjaAPI(title="Harbour", docs=Redoc(), urls_namespace="redoc")
    for api in (ninja, ninja_redoc):
        api.get("/ships")(lambda request: None)
        api.get("/ships/{int:ship}")(lambda request, ship: None)

    urls = types.ModuleType("apps_urls")
    urls.urlpatterns = [
        path("ships", ships),
        path("ships/<int:ship>", ship),
        path("api/schema/", views.SpectacularAPIView.as_view(), name="schema"),
        path("api/docs/", views.SpectacularSwaggerView.as_view(url_name="schema")),
        path("api/split/", views.SpectacularSwaggerSplitView.as_view(url_name="schema")),
        path("api/redoc/", views.SpectacularRedocView.as_view(url_name="schema")),
        path("ninja/", ninja.urls),
        path("ninja-redoc/", ninja_redoc.urls),
    ]
    sys.modules["apps_urls"] = urls
    from django.core.asgi import get_asgi_application
    return get_asgi_application()


def flask_app():
    """flask-smorest with all three of its pages."""
    from flask import Flask
    from flask_smorest import Api, Blueprint

    app = Flask(__name__)
    app.config.update(
        API_TITLE="Harbour", API_VERSION="1.0", OPENAPI_VERSION="3.0.2", OPENAPI_URL_PREFIX="/doc",
        OPENAPI_SWAGGER_UI_PATH="/swagger", OPENAPI_SWAGGER_UI_URL="https://cdn.example/swagger-ui/",
        OPENAPI_REDOC_PATH="/redoc", OPENAPI_REDOC_URL="https://cdn.example/redoc.standalone.js",
        OPENAPI_RAPIDOC_PATH="/rapidoc", OPENAPI_RAPIDOC_URL="https://cdn.example/rapidoc-min.js",
    )
    blueprint = Blueprint("ships", "ships")

    @blueprint.route("/ships")
    @blueprint.response(200)
    def ships(): ...

    @blueprint.route("/ships/<int:ship>")
    @blueprint.response(200)
    def ship(ship): ...

    Api(app).register_blueprint(blueprint)
    return app


def drf_yasg():
    """Django with drf-yasg, in Swagger 2.0."""
    from django.conf import settings

    settings.configure(
        DEBUG=True, SECRET_KEY="not secret", ROOT_URLCONF="yasg_urls", ALLOWED_HOSTS=["*"], STATIC_URL="/static/",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.staticfiles", "rest_framework",
                        "drf_yasg"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None},
    )
    import django
    django.setup()

    import types
    from django.urls import path, re_path
    from drf_yasg import openapi
    from drf_yasg.views import get_schema_view
    from rest_framework.decorators import api_view
    from rest_framework.response import Response

    @api_view(["GET"])
    def ships(request):
        return Response("")

    @api_view(["GET"])
    def ship(request, ship):
        return Response("")

    view = get_schema_view(openapi.Info("Harbour", "v1"), public=True)
    urls = types.ModuleType("yasg_urls")
    urls.urlpatterns = [
        path("ships", ships),
        path("ships/<int:ship>", ship),
        re_path(r"^swagger(?P<format>\.json|\.yaml)$", view.without_ui(cache_timeout=0)),
        path("swagger/", view.with_ui("swagger", cache_timeout=0)),
        path("redoc/", view.with_ui("redoc", cache_timeout=0)),
    ]
    sys.modules["yasg_urls"] = urls
    from django.core.asgi import get_asgi_application
    return get_asgi_application()


def flasgger():
    from flasgger import Swagger
    from flask import Flask

    app = Flask(__name__)

    @app.route("/ships")
    def ships():
        """All.
        ---
        responses: {200: {description: all}}
        """

    @app.route("/ships/<int:ship>")
    def ship(ship):
        """One.
        ---
        parameters: [{name: ship, in: path, type: integer, required: true}]
        responses: {200: {description: one}}
        """

    Swagger(app)
    return app


def apiflask(ui):
    from apiflask import APIFlask

    app = APIFlask("harbour", title="Harbour", docs_ui=ui)

    @app.get("/ships")
    def ships(): ...

    @app.get("/ships/<int:ship>")
    def ship(ship): ...

    return app


def connexion():
    import connexion
    from connexion.mock import MockResolver

    document = {"openapi": "3.0.0", "info": {"title": "Harbour", "version": "1"}, "servers": [{"url": "/v1"}], "paths": {
        "/ships": {"get": {"responses": {"200": {"description": "all"}}}},
        "/ships/{ship}": {"get": {"parameters": [{"name": "ship", "in": "path", "required": True, "schema": {"type": "integer"}}],
                                  "responses": {"200": {"description": "one"}}}}}}
    folder = tempfile.mkdtemp()
    with open(f"{folder}/harbour.json", "w") as file:
        json.dump(document, file)
    app = connexion.FlaskApp("harbour", specification_dir=folder)
    app.add_api("harbour.json", resolver=MockResolver(mock_all=False))
    return app


def sanic():
    from sanic import Sanic, text

    app = Sanic("Harbour")

    @app.get("/ships")
    async def ships(request):
        return text("")

    @app.get("/ships/<ship:int>")
    async def ship(request, ship):
        return text("")

    return app


APPS = {
    "drf-yasg": drf_yasg, "flasgger": flasgger, "connexion": connexion, "sanic": sanic,
    **{f"apiflask-{ui}": functools.partial(apiflask, ui)
       for ui in ["swagger-ui", "redoc", "elements", "rapidoc", "rapipdf"]},
    "fastapi": fast_api, "fastapi-prefix": fast_api_behind_a_prefix, "litestar": litestar,
    "django": django_app, "flask": flask_app,
}

if __name__ == "__main__":
    name, port = sys.argv[1:]
    app = APPS[name]()
    if name in ["flask", "flasgger"] or name.startswith("apiflask"):
        app.run("127.0.0.1", int(port))
    elif name == "sanic":
        app.run("127.0.0.1", int(port), single_process=True)
    else:
        import uvicorn
        uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", lifespan="off")

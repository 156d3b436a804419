import os


class Config(object):
    SERVER = os.environ["QUARRY_URL"]
    VERSION = "v2"
    API_PATH = "/api/" + VERSION


config = Config()

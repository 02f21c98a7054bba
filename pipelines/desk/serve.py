"""The desk on a port of this machine."""

from __future__ import annotations

import socket

from starlette.types import ASGIApp

from pipelines.desk.desk import HOST
from research.errors import DossierError


def serve(app: ASGIApp, port: int) -> None:
    """Serves the desk on 127.0.0.1 until interrupted; raises DossierError where the port is taken."""
    import uvicorn

    try:
        bound = socket.create_server((HOST, port))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DossierError(f"port {port} cannot be used: {reason}; choose another one with --port") from error
    with bound:
        uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run(sockets=[bound])

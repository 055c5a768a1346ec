"""Things that hosts do wrong: each changes the answers of one that is right."""

from __future__ import annotations

import gzip
import zlib

from .host import Reply, Request, Wrong

PAGE = b"<!doctype html><title>app</title>"


def is_gz(request: Request, reply: Reply) -> bool:
    return request.path.endswith(".gz") and reply.status in {200, 206}


def is_absent(reply: Reply) -> bool:
    return reply.status == 404


def spa(request: Request, reply: Reply) -> Reply:
    return Reply(200, reply.headers | {"Content-Type": "text/html"}, PAGE) if is_absent(reply) else reply


def redirect_to_page(request: Request, reply: Reply) -> Reply:
    return Reply(302, reply.headers | {"Location": "/"}) if is_absent(reply) else reply


def empty_200(request: Request, reply: Reply) -> Reply:
    return Reply(200, reply.headers) if is_absent(reply) else reply


def forbidden(request: Request, reply: Reply) -> Reply:
    return Reply(403, reply.headers, b"<Error/>") if is_absent(reply) else reply


def broken_500(request: Request, reply: Reply) -> Reply:
    return Reply(500, reply.headers) if is_absent(reply) else reply


def closed(request: Request, reply: Reply) -> Reply:
    return reply.but(Access_Control_Allow_Origin=None)


def other_origin(request: Request, reply: Reply) -> Reply:
    return reply.but(Access_Control_Allow_Origin="https://other.example")


def two_origins(request: Request, reply: Reply) -> Reply:
    return reply.but(Access_Control_Allow_Origin="*\0*")


def closed_when_absent(request: Request, reply: Reply) -> Reply:
    return closed(request, reply) if is_absent(reply) else reply


def echo_without_vary(request: Request, reply: Reply) -> Reply:
    origin = request.headers.get("origin")
    return reply.but(Access_Control_Allow_Origin=origin, Vary=None)


def closed_genes(request: Request, reply: Reply) -> Reply:
    return closed(request, reply) if request.path.endswith(".gz") else reply


def labelled(request: Request, reply: Reply) -> Reply:
    return reply.but(Content_Encoding="gzip") if is_gz(request, reply) else reply


def x_labelled(request: Request, reply: Reply) -> Reply:
    return reply.but(Content_Encoding="x-gzip") if is_gz(request, reply) else reply


def labelled_and_compressed(request: Request, reply: Reply) -> Reply:
    if is_gz(request, reply) and reply.status == 200:
        return Reply(200, reply.headers | {"Content-Encoding": "gzip, gzip"}, gzip.compress(reply.body))
    return reply


def inflated(request: Request, reply: Reply) -> Reply:
    if is_gz(request, reply) and reply.status == 200:
        return Reply(200, reply.headers, gzip.decompress(reply.body))
    return reply


def compressed_twice(request: Request, reply: Reply) -> Reply:
    if is_gz(request, reply) and reply.status == 200 and "gzip" in request.headers["accept-encoding"]:
        return Reply(200, reply.headers | {"Content-Encoding": "gzip"}, gzip.compress(reply.body))
    return reply


def deflated(request: Request, reply: Reply) -> Reply:
    if is_gz(request, reply) and reply.status == 200:
        return Reply(200, reply.headers | {"Content-Encoding": "deflate"}, zlib.compress(reply.body))
    return reply


def falsely_labelled(request: Request, reply: Reply) -> Reply:
    if is_gz(request, reply) and reply.status == 200:
        return Reply(200, reply.headers | {"Content-Encoding": "gzip"}, gzip.decompress(reply.body))
    return reply


def type_of(suffix: str, media_type: str | None) -> Wrong:
    def wrong(request: Request, reply: Reply) -> Reply:
        path = f"{request.path}index.html" if request.path.endswith("/") else request.path
        hit = path.endswith(suffix) and reply.status in {200, 206}
        return reply.but(Content_Type=media_type) if hit else reply

    return wrong


def whole_files(request: Request, reply: Reply) -> Reply:
    return reply if reply.status != 206 else Reply(200, reply.headers, b"whole")


def no_ranges(request: Request, reply: Reply) -> Reply:
    return reply if reply.status != 206 else Reply(416, reply.headers)


def other_bytes(request: Request, reply: Reply) -> Reply:
    return reply if reply.status != 206 else Reply(206, reply.headers, reply.body[::-1])


def bare_206(request: Request, reply: Reply) -> Reply:
    return reply.but(Content_Range=None)


def other_range(request: Request, reply: Reply) -> Reply:
    if reply.status != 206:
        return reply
    return Reply(206, reply.headers | {"Content-Range": "bytes 0-1/9"}, reply.body[:2])


def other_total(request: Request, reply: Reply) -> Reply:
    if reply.status != 206:
        return reply
    return reply.but(Content_Range=reply.headers["Content-Range"].rpartition("/")[0] + "/9999999")


def silent_ranges(request: Request, reply: Reply) -> Reply:
    return reply.but(Accept_Ranges=None)


def no_head(request: Request, reply: Reply) -> Reply:
    return Reply(405, reply.headers) if request.method == "HEAD" else reply


def other_head(request: Request, reply: Reply) -> Reply:
    if request.method != "HEAD" or reply.status != 200 or "Content-Encoding" in reply.headers:
        return reply
    return reply.but(Content_Length="7")


def plain_json(request: Request, reply: Reply) -> Reply:
    if reply.headers.get("Content-Encoding") != "gzip":
        return reply
    return Reply(200, reply.headers, gzip.decompress(reply.body)).but(Content_Encoding=None)


def unsaid(request: Request, reply: Reply) -> Reply:
    return reply.but(Cache_Control=None)


def ten_minutes(request: Request, reply: Reply) -> Reply:
    return reply.but(Cache_Control="max-age=600") if "Cache-Control" in reply.headers else reply


def expires(request: Request, reply: Reply) -> Reply:
    if "Cache-Control" not in reply.headers:
        return reply
    return reply.but(
        Cache_Control=None, Date="Tue, 01 Jan 2030 00:00:00 GMT", Expires="Tue, 01 Jan 2030 01:00:00 GMT"
    )


def never_stored(request: Request, reply: Reply) -> Reply:
    return reply.but(Cache_Control="no-store") if request.path.endswith(".gz") else reply


def no_validators(request: Request, reply: Reply) -> Reply:
    return reply.but(ETag=None)


def forgetful(request: Request, reply: Reply) -> Reply:
    return Reply(200, reply.headers, b"again") if reply.status == 304 else reply


def cut_short(request: Request, reply: Reply) -> Reply:
    hit = is_gz(request, reply) and reply.status == 200
    return Reply(200, reply.headers | {"Content-Length": "99999"}, reply.body) if hit else reply


def other_size(request: Request, reply: Reply) -> Reply:
    hit = is_gz(request, reply) and reply.status == 200 and request.method == "GET"
    return Reply(200, reply.headers, reply.body + b"\0") if hit else reply


def missing_genes(request: Request, reply: Reply) -> Reply:
    return Reply(404, reply.headers) if "gene_" in request.path else reply


def pointers(request: Request, reply: Reply) -> Reply:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"
    return Reply(200, reply.headers, pointer) if is_gz(request, reply) and reply.status == 200 else reply


def no_index(request: Request, reply: Reply) -> Reply:
    return Reply(403, reply.headers) if request.path.endswith("/") else reply


def moved(request: Request, reply: Reply) -> Reply:
    if request.query:
        return reply
    return Reply(301, reply.headers | {"Location": f"{request.path}?moved"})

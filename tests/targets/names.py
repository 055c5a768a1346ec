"""Keys that no target may take, and keys that every target must."""

from __future__ import annotations

HOSTILE = (
    *("", ".", "..", "/", "//", "../x", "./x", "a/../../x", "a/..", "a/./b", "/etc/x", "a//b", "a/"),
    *(
        "a\\b",
        "..\\x",
        "C:x",
        "C:/x",
        "\\\\host\\share",
        "a|b",
        "a<b",
        "a>b",
        'a"b',
        "a?b",
        "a*b",
        "s3://x/y",
    ),
    *("a\0b", "x\n", "\x1b[31m", "\x7f", "\x85", "lone\ud800"),
    *("a ", "a /b", "a.", "a./b", "... ", "...", "a/. ", " "),
    *("con", "obs/AUX/0", "Nul", "lpt1", "COM\u00b9"),
)
ODD = (
    *(".zattrs", ".zmetadata", "zarr.json", "obs/.zgroup", "obs/cell type/codes/0", "obs/cell type/.zarray"),
    *("obs/100% sure/0", "obs/a%20b/0", "obs/a%2Fb/0", "obs/a#b/0", "obs/a+b/0", "obs/a&b=c;d,e@f/0"),
    *("obs/type cellulaire (é)/0", "obs/細胞/codes/c/0/1", "obs/\U0001f9ec/0", "obs/e\u0301 and \u00e9/0"),
    *("obs/~a/0", "obs/$a{b}[c]^`!'/0", "obs/..a/0", "obs/a..b/0", "obs/ a/0", "obs/-a/0", "obs/con.0/1.0"),
)

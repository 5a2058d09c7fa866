"""The page that a scanned sign opens: for any browser, without scripts, pictures or others' servers."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Any

from city_core.kit.mongo import Row
from city_core.settings import Settings
from city_core.signs.codes import in_groups
from city_core.signs.links import HOTLINE, link_to_app, link_to_mini_program
from city_core.signs.scan import Scanned

STYLE = """
:root{color-scheme:light dark;--ink:#14202b;--soft:#5b6875;--line:#dde3e9;--card:#fff;--ground:#f3f6f9;--blue:#0b5cad}
@media(prefers-color-scheme:dark){:root{--ink:#e8eef4;--soft:#9fb0c0;--line:#2c3a47;--card:#1a2530;--ground:#10181f}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
header{background:var(--blue);color:#fff;padding:20px 16px}
header p{margin:0;opacity:.9}
h1{font-size:1.4rem;margin:.15rem 0}
main{max-width:40rem;margin:0 auto;padding:16px}
h2{font-size:1rem;margin:1.4rem 0 .5rem;color:var(--soft);font-weight:600}
ul{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:12px}
li{display:flex;gap:12px;justify-content:space-between;padding:12px 14px;border-top:1px solid var(--line)}
li:first-child{border-top:0}
small{display:block;color:var(--soft)}
.far{text-align:right;white-space:nowrap}
.open{color:#1b7f3b}.shut{color:#b3261e}
header .open,header .shut{color:inherit;font-weight:600}
@media(prefers-color-scheme:dark){main .open{color:#6fd18c}main .shut{color:#ff9a90}}
.do{display:block;text-align:center;text-decoration:none;background:var(--blue);color:#fff;border-radius:12px;padding:14px;margin:10px 0;font-weight:600}
.do.more{background:var(--card);color:var(--blue);border:1px solid var(--line)}
@media(prefers-color-scheme:dark){.do.more{color:#8cc2ff}}
footer{max-width:40rem;margin:0 auto;padding:8px 16px 32px;color:var(--soft)}
"""  # noqa: E501
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_WORDS = {
    "zh": {
        "title": "一码惠民", "report": "报告问题", "app": "打开 App 在此上报", "mini": "打开小程序在此上报",
        "call": f"拨打 {HOTLINE} 服务热线", "around": "周边便民服务", "none": "三公里内没有登记的便民点位。",
        "open": "开放中", "shut": "未开放", "always": "全天", "code": "标牌编号",
        "gone": "没有找到这个标牌", "gone_more": "编号可能有误，或标牌已停用。如需反映问题，请拨打服务热线。",
    },
    "en": {
        "title": "One code for the city", "report": "Report a problem", "app": "Report here in the app",
        "mini": "Report here in the mini-program", "call": f"Call the hotline {HOTLINE}",
        "around": "What is around", "none": "Nothing is registered within three kilometres.",
        "open": "open", "shut": "closed", "always": "day and night", "code": "Code of this sign",
        "gone": "This sign was not found",
        "gone_more": "Perhaps the code is mistyped, or the sign out of use. To report something, call us.",
    },
}  # fmt: skip


def page_of(settings: Settings, scanned: Scanned, language: str) -> str:
    """Write the page of a sign, in Chinese or in English."""
    words, code = _WORDS[language], scanned.sign["code"]
    name = named(scanned.sign, language)
    where = " · ".join(filter(None, (scanned.street_name, scanned.community_name, scanned.sign["address"])))
    links = [f'<a class="do" href="{escape(link_to_app(settings, code))}">{words["app"]}</a>']
    mini = link_to_mini_program(settings, code)
    if mini is not None:
        links.append(f'<a class="do" href="{escape(mini)}">{words["mini"]}</a>')
    links.append(_call(words))
    around = "".join(_point(row, language) for row in scanned.around)
    own = "" if scanned.point is None else f"<p>{_state(scanned.point, words)}</p>"
    shown = f"<ul>{around}</ul>" if around else f"<p>{words['none']}</p>"
    return _document(
        language,
        name,
        f"<p>{words['title']}</p><h1>{escape(name)}</h1><p>{escape(where)}</p>{own}",
        f"<h2>{words['report']}</h2>{''.join(links)}<h2>{words['around']}</h2>{shown}",
        f"{words['code']} {in_groups(code)}",
    )


def page_of_no_sign(language: str) -> str:
    """Write the page that every unknown code opens, and every one out of use."""
    words = _WORDS[language]
    head = f"<p>{words['title']}</p><h1>{words['gone']}</h1>"
    return _document(language, words["gone"], head, f"<p>{words['gone_more']}</p>{_call(words)}", "")


def named(row: Row, language: str) -> str:
    """Name a thing in the language asked for; in Chinese where it has no English name."""
    return str((language == "en" and row.get("name_en")) or row["name_zh"])


def _call(words: dict[str, str]) -> str:
    return f'<a class="do more" href="tel:{HOTLINE}">{words["call"]}</a>'


def _point(row: Row, language: str) -> str:
    layer: Any = row["layer_row"]
    kind = layer.name_en if language == "en" else layer.name_zh
    what = f"{escape(kind)} · {escape(row['address'])}"
    how = _state(row, _WORDS[language])
    return (
        f"<li><div>{escape(named(row, language))}<small>{what}</small></div>"
        f'<div class="far">{_distance(row["distance_m"])}<small>{how}</small></div></li>'
    )


def _state(row: Row, words: dict[str, str]) -> str:
    hours = ", ".join(row["hours_today"])
    if row["is_open"]:
        return f'<span class="open">{words["open"]}</span> · {escape(hours or words["always"])}'
    return f'<span class="shut">{words["shut"]}</span>' + (f" · {escape(hours)}" if hours else "")


def _distance(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1_000 else f"{metres / 1_000:.1f} km"


def _document(language: str, title: str, head: str, body: str, foot: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><header>{head}</header><main>{body}</main><footer>{foot}</footer></body></html>"
    )

"""What a browser gets that cannot run the pages: a page that says so and leads to /plain. Knows what Streamlit's scripts need.

Streamlit 1.67, its 317 scripts parsed: ES2022 throughout (static blocks: Chrome 94, Firefox 93, Safari 16.4), with
`Object.hasOwn`, `at` and lookbehind. Two things younger than that it uses without asking, and without them it shows a white
page or an error: `toSorted` (Chrome 110) and `RegExp(…, "v")` (Chrome 112), whose patterns mean the same with "u". Chrome 109
is the last for Windows 7, so both are lent to it here.
"""

from __future__ import annotations

import json

from pages.ui.navigation import NAME

LEAST = "Chrome 94、Edge 94、Firefox 93、Safari 16.4"

# Runs in any browser since 1999: ES5 at most, and nothing here may stop a browser that can do all of it.
_SCRIPT = """
(function () {
  var enough = false;
  try {
    enough = new Function(NEEDED)();
  } catch (missing) {
    enough = typeof EvalError === "function" && missing instanceof EvalError;
  }
  if (!enough) {
    var period = /[?&]period=([0-9]{4})/.exec(location.search);
    document.write(PAGE.replace("./plain", period ? "./plain?period=" + period[1] : "./plain"));
    return;
  }
  if (!Array.prototype.toSorted) {
    Object.defineProperty(Array.prototype, "toSorted", {
      configurable: true, writable: true,
      value: function (order) { return Array.prototype.slice.call(this).sort(order); }
    });
  }
  try {
    new RegExp("", "v");
  } catch (missing) {
    var given = window.RegExp;
    var known = function (args) {
      return typeof args[1] === "string" ? [args[0], args[1].replace("v", "u")] : args;
    };
    window.RegExp = new Proxy(given, {
      construct: function (target, args, made) {
        return Reflect.construct(target, known(args), made === window.RegExp ? target : made);
      },
      apply: function (target, self, args) { return Reflect.apply(target, self, known(args)); }
    });
  }
})();
"""
_NEEDED = """
class Probe { static { Probe.runs = Object.hasOwn({a: 1}, "a") && [1].at(-1) === 1; } }
return Probe.runs && /(?<=a)b/.test("ab");
"""
_PAGE = """
<div role="main" style="max-width: 720px; margin: 48px auto; padding: 0 16px; color: #1f2a37; background: #fff;
  font: 16px/1.7 'Microsoft YaHei', 'Noto Sans CJK SC', 'PingFang SC', SimSun, sans-serif">
<h1 style="font-size: 24px">HEADING</h1>
<p>TOLD</p>
<p><a href="./plain" style="color: #1d5a96">打开简版：名次、总分和等次</a>（任何浏览器都能看，可以直接打印）</p>
</div>
"""
_TOLD = f"完整的看板需要 {LEAST} 或更新的浏览器。360、QQ、搜狗等浏览器请先切换到“极速模式”，仍打不开的请升级。"


def script() -> str:
    """The `<script>` element that comes before all others. `</` is split, so that no word can end it.

    Whatever of the document is still to come is swallowed by `<plaintext>`: its scripts would only fail.
    """
    head = f'<meta name="viewport" content="width=device-width"><title>{NAME}</title>'
    page = f'{head}{_page("这个浏览器太旧，打不开看板", _TOLD)}<plaintext style="display: none">'
    body = _SCRIPT.replace("NEEDED", _text(_NEEDED), 1).replace("PAGE", _text(page), 1)
    return f"<script>{body}</script>"


def without_script() -> str:
    """The `<noscript>` element."""
    told = "完整的看板要用脚本（JavaScript）。请在浏览器的设置里启用后刷新本页。"
    return f"<noscript>{_page('浏览器没有启用脚本', told)}</noscript>"


def _page(heading: str, told: str) -> str:
    return _PAGE.replace("HEADING", heading, 1).replace("TOLD", told, 1)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")

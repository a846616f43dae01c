#!/bin/sh
# System programs for the browser tests: Chromium, and a font that has Chinese. Installs what is missing where
# it may (root, or sudo without a password), and says plainly what is missing where it may not.
set -u

have_chromium() {
    if [ -n "${CHROMIUM:-}" ]; then [ -x "$CHROMIUM" ]; return; fi
    for program in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$program" >/dev/null 2>&1 && return 0
    done
    [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]
}

have_font() {
    [ "$(uname)" = Darwin ] && return 0
    if command -v fc-list >/dev/null 2>&1; then fc-list :lang=zh 2>/dev/null | grep -q .; return; fi
    ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1
}

missing() {
    have_chromium || printf ' chromium'
    have_font || printf ' fonts-noto-cjk'
}

wanted=$(missing)
[ -z "$wanted" ] && exit 0

as_root=none
if [ "$(id -u)" = 0 ]; then as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root='sudo -n'
fi

if [ "$as_root" != none ] && command -v apt-get >/dev/null 2>&1; then
    echo "正在安装浏览器测试所需的系统程序：$wanted"
    install="$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
    # shellcheck disable=SC2086  # both are lists of words
    $install $wanted >/dev/null 2>&1 || { $as_root apt-get update -qq && $install $wanted >/dev/null; }
    wanted=$(missing)
    [ -z "$wanted" ] && exit 0
fi

echo "缺少系统程序：$wanted"
echo "请让管理员执行（Debian、Ubuntu）：apt-get install -y$wanted"
echo "已装在别处的浏览器可用环境变量指明：CHROMIUM=/路径/chromium make test"
case "${CI:-}" in
    1 | true | yes) echo "持续集成中不允许缺少程序，停止。"; exit 1 ;;
    *) echo "浏览器测试将跳过，其余测试照常。" ;;
esac

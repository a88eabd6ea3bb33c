#!/usr/bin/env python3
"""Pictures of a briefing.html in Chromium, for the README and for looking at.

    tools/screenshot.py out/2024-04-02/briefing.html docs/images/briefing.png --click 1-1 --top --height 1180
    tools/screenshot.py out/2024-04-02/briefing.html /tmp/phone.png --width 375 --dark --full
    tools/screenshot.py out/2024-04-02/briefing.html /tmp/print.pdf

Needs the pip package playwright, and Chromium and Chinese fonts from the system (Debian: chromium,
fonts-noto-cjk); it never downloads a browser. Set CHROMIUM to a browser elsewhere.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("html", type=Path)
    parser.add_argument("out", type=Path, help=".png, or .pdf for the printed form")
    parser.add_argument("--width", type=int, default=1280, help="window width in CSS pixels")
    parser.add_argument("--height", type=int, default=860)
    parser.add_argument("--scale", type=float, default=1.0, help="device pixels per CSS pixel")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--full", action="store_true", help="the whole page instead of the window")
    parser.add_argument("--click", default="", help="open the source of this sentence, e.g. 1-1")
    parser.add_argument("--page", action="store_true", help="with --click: show the raw page text")
    parser.add_argument("--top", action="store_true", help="with --click: scroll back to the masthead")
    parser.add_argument("--open", action="store_true", help="unfold every <details>")
    args = parser.parse_args()

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=list(CHROMIUM_ARGS)
        )
        page = browser.new_page(
            viewport={"width": args.width, "height": args.height},
            device_scale_factor=args.scale,
            color_scheme="dark" if args.dark else "light",
            reduced_motion="reduce",
        )
        page.goto(args.html.resolve().as_uri())
        if args.open:
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        if args.click:
            page.click(f'a.cite[data-key="{args.click}"]')
            if args.page:
                page.click('[data-view="page"]')
            if args.top:
                page.evaluate("window.scrollTo(0, 0)")
        if args.out.suffix == ".pdf":
            page.pdf(path=str(args.out), prefer_css_page_size=True, print_background=True)
        else:
            page.screenshot(path=str(args.out), full_page=args.full)
        browser.close()


if __name__ == "__main__":
    main()

"""Takes the README's pictures from the demo programme, in a real Chromium.

    python docs/take_screenshots.py [--language fr]

Uses a database of its own in a temporary folder. Chromium is looked up on the PATH, or named by
CHROMIUM.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"
PASSWORD = "demo-cxplan"  # noqa: S105  # the demo's own, printed by it
LEAD, OBSERVER = "lead@maison-nord.example", "observer@maison-nord.example"
DESKTOP, TABLET = (1440, 900), (768, 1024)


def pages(slug: str) -> list[tuple[str, str, str, tuple[int, int]]]:
    """(picture, who, address, size) of each."""
    base = f"/programmes/{slug}"
    journey = f"{base}/journeys/amateur-bathroom"
    return [
        ("dashboard", LEAD, f"{base}/dashboard/?journey=amateur-bathroom&wave=W3", DESKTOP),
        ("journey-map", LEAD, f"{journey}/", DESKTOP),
        ("framework", LEAD, f"{journey}/framework/1/", DESKTOP),
        ("plan", LEAD, f"{base}/plan/", DESKTOP),
        ("evidence", LEAD, f"{journey}/scores/checkout/", DESKTOP),
        ("observation", OBSERVER, f"{base}/observations/new/amateur-bathroom/", TABLET),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=["en", "fr"], default="en")
    parser.add_argument("--into", type=Path, default=PICTURES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3"}
        manage = [sys.executable, str(ROOT / "manage.py")]
        demo = [*manage, "demo", "--no-server", "--language", options.language]
        subprocess.run(demo, env=environment, check=True)
        serve = [*manage, "runserver", f"127.0.0.1:{PORT}", "--noreload"]
        server = subprocess.Popen(serve, env=environment, stderr=subprocess.DEVNULL)
        try:
            wait_for_server()
            take_all(options.language, options.into)
        finally:
            server.terminate()
            server.wait()


def wait_for_server() -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{ADDRESS}/accounts/login/").close()  # noqa: S310  # its own address
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not start.")


def take_all(language: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    slug = "maison-nord" if language == "en" else "maison-nord-fr"
    named = os.environ.get("CHROMIUM")
    chromium = named or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False)
        for name, who, address, (width, height) in pages(slug):
            context = browser.new_context(
                base_url=ADDRESS,
                viewport={"width": width, "height": height},
                locale=language,
                reduced_motion="reduce",
            )
            page = context.new_page()
            log_in(page, who)
            page.goto(address)
            if name == "observation":
                to_first_stage(page)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{name}.png")
            sys.stdout.write(f"{name}.png\n")
            context.close()
        browser.close()


def log_in(page: Page, who: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/programmes/**")


def to_first_stage(page: Page) -> None:
    """Past the questions about the visit, with one answer given."""
    page.locator("[data-observe-next]").click()
    page.locator("label.level:visible").nth(1).click()


if __name__ == "__main__":
    main()

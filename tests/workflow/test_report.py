"""The report in a real browser: from disk, without a complaint, with every figure."""

import importlib.metadata
import importlib.util
import re
import shutil
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Checkout

pytestmark = pytest.mark.workflow
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="module")
def report(complete, tmp_path_factory):
    made = Checkout.copy_of(complete, tmp_path_factory.mktemp("report") / "checkout")
    made.run("--report", "results/report.html")
    return made.folder / "results" / "report.html"


def test_every_rule_of_a_figure_or_table_is_in_the_report_with_a_caption():
    rules = "".join(
        (ROOT / "workflow" / "rules" / f"{name}.smk").read_text()
        for name in ("figures", "tables", "reproduction", "provenance")
    )
    for rule in re.split(r"^rule (?=\w)", rules, flags=re.MULTILINE)[1:]:
        name = rule.split(":")[0]
        if name == "summarise_resources":  # not made by `all`
            continue
        caption = re.search(r'report\(\s*"([^"]+)",\s*caption="\.\./report/([^"]+)"', rule)
        assert caption, (
            f"rule {name}: mark its .png (a figure) or .html (a table) with report(..., "
            f'caption="../report/{name}.rst", category=..., labels=...)'
        )
        text = (ROOT / "workflow" / "report" / caption[2]).read_text()
        if name != "software":
            assert "The paper: " in text, f"workflow/report/{caption[2]}: say what the paper claims"
            assert "Measured: " in text, f"workflow/report/{caption[2]}: say what was measured"
            assert re.search(r"^Data|No data|no data", text, re.M), "say from which data"
        # Two labels in a category of two results end the report's page with an error.
        assert "labels={" in rule
        assert len(re.findall(r'"\w+":', re.search(r"labels=\{(.*?)\}", rule, re.S)[1])) == 1


def test_the_report_asks_nothing_of_the_network(report):
    tags = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[^>]*>", report.read_text())
    assert [tag for tag in tags if "http" in tag] == []


def test_the_users_environment_has_what_the_report_imports():
    """The tests' environment has more: what is missing there would not show here."""
    lock = (ROOT / "envs" / "requirements.lock").read_text()
    locked = {line.split("==")[0] for line in lock.splitlines() if "==" in line}
    providers = importlib.metadata.packages_distributions()
    folder = Path(importlib.util.find_spec("snakemake").origin).parent / "report"
    sources = "".join(path.read_text() for path in folder.rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", sources, re.M))
    needed = {
        name.lower().replace("_", "-")
        for module in imported - set(sys.stdlib_module_names)
        for name in providers.get(module, [module])
    }
    assert {"snakemake", "jinja2", "pygments"} <= needed
    assert needed <= locked


@pytest.mark.skipif(not (BROWSER and DRIVER), reason="no Chromium with its driver is installed")
def test_a_browser_shows_every_figure_and_table(report):
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for argument in (
        *("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1500,950"),
        "--host-resolver-rules=MAP * ~NOTFOUND",  # no network
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        browser.get(report.as_uri())
        wait = WebDriverWait(browser, 30)

        def press(text):
            wait.until(
                lambda _: [
                    link
                    for link in browser.find_elements(By.TAG_NAME, "a")
                    if link.text.strip() == text
                ]
            )[0].click()

        def shows(tag, path):
            """Whether the page shows this result, and it is not empty."""
            script = (
                "const all = [...document.querySelectorAll('#app ' + arguments[0])];"
                "const shown = all.find(one => one.src === results[arguments[1]].data_uri);"
                "return shown !== undefined"
                " && (arguments[0] === 'iframe' || shown.naturalWidth > 300)"
            )
            return browser.execute_script(script, tag, path)

        wait.until(lambda _: browser.find_elements(By.CSS_SELECTOR, "svg, canvas"))  # rule graph
        assert "How much do explanations" in browser.find_element(By.ID, "app").text
        pictures, pages = [], []
        contents = browser.execute_script(
            "return Object.entries(categories).map(([name, parts]) =>"
            " [name, Object.values(parts).flat().map(path => [path, results[path].labels.result])])"
        )
        for category, entries in contents:
            browser.get(report.as_uri())
            press(category)
            for path, label in entries:
                row = (By.XPATH, f'//tr[td[normalize-space()="{label}"]]')
                wait.until(lambda _, row=row: browser.find_elements(*row))
                browser.find_element(*row).find_elements(By.TAG_NAME, "a")[0].click()
                tag = "img" if path.endswith(".png") else "iframe"
                wait.until(lambda _, tag=tag, path=path: shows(tag, path))
                if tag == "img":
                    pictures.append(path)
                else:
                    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
                    # The frame is there before its table is; a table may have no rows to show.
                    numbers = (report.parents[1] / path).with_suffix(".csv").read_text()
                    shown = "tbody tr" if numbers.count("\n") > 1 else "thead th"
                    wait.until(lambda _, s=shown: browser.find_elements(By.CSS_SELECTOR, s))
                    pages.append(path)
                    browser.switch_to.default_content()
        browser.get(report.as_uri())
        press("Statistics")
        wait.until(lambda _: len(browser.find_elements(By.CSS_SELECTOR, "svg, canvas")) >= 2)
        complaints = [
            entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"
        ]
    finally:
        browser.quit()
    folder = report.parent
    assert complaints == []
    # Every figure comes as .pdf too, every table as .tex.
    assert {Path(path).stem for path in pictures} == {path.stem for path in folder.rglob("*.pdf")}
    assert {Path(path).stem for path in pages} == {path.stem for path in folder.rglob("*.tex")}
